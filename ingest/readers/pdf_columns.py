"""Columns of a page: which there are, and that they are read one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Final, Protocol

from ingest.readers.pdf_glyphs import Box
from ingest.readers.pdf_lines import Segment

_MIN_COLUMN_LINES: Final = 4
_MAX_SEGMENTS: Final = 4_000
"""Pages with more scattered pieces are drawings; looking for columns in them costs the square of their number."""


class Placed(Protocol):
    """Anything with a box on a page."""

    @property
    def box(self) -> Box:
        """Left, top, right and bottom in points."""


def columns(items: Sequence[Placed]) -> list[list[Placed]]:
    """The items in blocks by reading order: a block is what one column holds, or what runs across columns.

    Columns need at least four lines on both sides of a gutter that are text and not cells: mostly as wide as their
    column. What crosses the gutter (a title, a picture's caption, a wide table) divides the columns above from those
    below. Without such a gutter everything is one block.
    """
    gutter = _gutter(items)
    if gutter is None:
        return [list(items)] if items else []
    blocks: list[list[Placed]] = []
    across: list[Placed] = []
    for zone, crossing in _zones(items, gutter):
        left = [item for item in zone if _middle(item) < gutter]
        right = [item for item in zone if _middle(item) >= gutter]
        if len(left) >= 2 and len(right) >= 2:
            blocks += [across] if across else []
            across = []
            blocks += columns(left) + columns(right)
        else:
            across += zone
        if crossing is not None:
            across.append(crossing)
    return [*blocks, across] if across else blocks


def _zones(items: Sequence[Placed], gutter: float) -> list[tuple[list[Placed], Placed | None]]:
    """What lies beside the gutter, from the top, up to each item that crosses it."""
    crossing = sorted((i for i in items if i.box[0] < gutter < i.box[2]), key=lambda i: i.box[1])
    beside = sorted((i for i in items if not i.box[0] < gutter < i.box[2]), key=lambda i: i.box[1])
    zones: list[tuple[list[Placed], Placed | None]] = []
    at = 0
    for item in [*crossing, None]:
        end = at
        limit = float("inf") if item is None else (item.box[1] + item.box[3]) / 2
        while end < len(beside) and (beside[end].box[1] + beside[end].box[3]) / 2 < limit:
            end += 1
        zones.append((beside[at:end], item))
        at = end
    return zones


def _middle(item: Placed) -> float:
    return (item.box[0] + item.box[2]) / 2


def _gutter(items: Sequence[Placed]) -> float | None:
    """The x of the clearest gutter between two columns of text, None where there is none."""
    if not 2 * _MIN_COLUMN_LINES <= len(items) <= _MAX_SEGMENTS:
        return None
    votes: dict[int, int] = {}
    ordered = sorted(items, key=lambda i: i.box[1])
    for n, item in enumerate(ordered):
        _, top, x1, bottom = item.box
        nearest = float("inf")
        for other in ordered[max(0, n - 40) : n + 40]:
            shared = min(bottom, other.box[3]) - max(top, other.box[1])
            if other.box[0] >= x1 - 1 and shared > 0.4 * min(bottom - top, other.box[3] - other.box[1]):
                nearest = min(nearest, other.box[0])
        if nearest - x1 < 400:
            for place in range(int(x1) + 1, int(nearest) + 1):
                votes[place] = votes.get(place, 0) + 1
    scored = []
    for place in sorted(votes, key=lambda p: -votes[p])[:60]:
        if votes[place] < _MIN_COLUMN_LINES // 2:
            break
        scored.append((_gutter_score(items, place + 0.5), place + 0.5))
    tried = [gutter for score, gutter in sorted(scored, reverse=True)[:6] if score > 0]
    return next((gutter for gutter in tried if all(_is_text(side) for side in _beside(items, gutter))), None)


def _gutter_score(items: Sequence[Placed], gutter: float) -> float:
    """Lines in columns beside the gutter less those that cross it between them; 0 for too few of them."""
    left, right = _beside(items, gutter)
    if min(len(left), len(right)) < _MIN_COLUMN_LINES:
        return 0
    return len(left) + len(right) - 0.5 * sum(i.box[0] < gutter < i.box[2] for i in items)


def _beside(items: Sequence[Placed], gutter: float) -> tuple[list[Placed], list[Placed]]:
    """What stands left and right of the gutter where both sides have at least two lines."""
    lefts: list[Placed] = []
    rights: list[Placed] = []
    for zone, _ in _zones(items, gutter):
        left = [item for item in zone if _middle(item) < gutter]
        right = [item for item in zone if _middle(item) >= gutter]
        if len(left) >= 2 and len(right) >= 2:
            lefts += left
            rights += right
    return lefts, rights


def _is_text(side: list[Placed]) -> bool:
    """Whether a side holds running text and not cells: lines mostly as wide as it, or two columns of such lines."""
    x0, x1 = min(i.box[0] for i in side), max(i.box[2] for i in side)
    chars = [len(i.text) for i in side if isinstance(i, Segment)]
    if x1 - x0 < 60 or (chars and median(chars) < 7):
        return False
    return median(i.box[2] - i.box[0] for i in side) >= 0.55 * (x1 - x0) or _gutter(side) is not None
