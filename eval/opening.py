"""Opens what an evaluation asks: the store that the settings name, and an assistant over it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.protocol import PolicyStore
    from qa.assistant import Assistant


@dataclass(frozen=True, slots=True)
class Opened:
    """A store with an assistant over it."""

    store: PolicyStore
    assistant: Assistant

    @property
    def description(self) -> dict[str, str | int]:
        """What a run records about its store."""
        return describe_store(self.store)


def describe_store(store: PolicyStore) -> dict[str, str | int]:
    """Folder, generation, counts and encoder of a store, as a run records them."""
    stats = store.stats
    return {
        "folder": store.place,
        "generation": store.generation,
        "documents": stats.documents,
        "clauses": stats.clauses,
        "encoder": stats.encoder,
    }


@contextmanager
def open_store(folder: Path | None = None, encoder: str | None = None, **named: Any) -> Iterator[PolicyStore]:
    """The store that is named, else that of the settings, closed at the end; ``named`` are settings by name.

    Raises StoreError, SettingsError as opening does.
    """
    from qa.opening import open_named
    from qa.settings import load_settings

    with open_named(load_settings(store=folder, encoder=encoder, **named)) as store:
        yield store


@contextmanager
def open_for_evaluation(folder: Path | None = None, encoder: str | None = None, **named: Any) -> Iterator[Opened]:
    """The store as `open_store` opens it, with an assistant over it."""
    from qa.assistant import Assistant
    from qa.settings import load_settings

    with open_store(folder, encoder, **named) as store:
        yield Opened(store, Assistant(store, load_settings(store=folder, encoder=encoder, **named)))
