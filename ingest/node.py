"""A clause while its document's tree is being built."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.lines import Line


@dataclass(slots=True)
class Node:
    """A clause being built: its step in the path, its label and title, and its lines."""

    step: str
    label: str
    heading: str
    scheme: str
    number: tuple[int, ...]
    parent: Node | None
    lines: list[Line] = field(default_factory=list)
    confidence: float = 1.0

    @property
    def path(self) -> tuple[str, ...]:
        """The steps from the top of the document down to this clause."""
        steps: list[str] = []
        node: Node | None = self
        while node is not None:
            steps.append(node.step)
            node = node.parent
        return tuple(reversed(steps))
