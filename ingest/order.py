"""Reading order: the arrangement of a document's blocks that reads best, where the printed one does not read at all.

A beam search, page by page, over the costs of :mod:`ingest.reading`. Text whose printed order costs nothing is never
touched. Moving a block costs a little for every block it passes, more where it passes a heading by (layout prints
headings late, not early) and more again across a page's edge; a repair counts only where it gains more than it costs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.blocks import Block
from ingest.items import Item, to_item
from ingest.reading import START, Costs, Reader

JUMP = 0.3
PLAIN_GAP = 0.15
"""Space between two blocks of a page that no heading fills: something stood there."""
PASS_TEXT = 0.05
PASS_HEADING = 0.6
PASS_PAGE = 0.6
LEAST_GAIN = 1.2
LEAST_WRONG = 1.0
LEAST_DOUBTFUL = 2.0
READS_PAGED, READS_UNPAGED = (60_000, 300, 200_000), (15_000, 30, 60_000)
"""A document's search ends after so many blocks read: at least, more for each block, at most. What is left keeps its
printed order and is reported. Without pages there is less layout to go by, and less to find."""
_WIDTH = 40
_CHOICES = 14
_WIDTH_UNPAGED, _CHOICES_UNPAGED = 12, 8
_HELD = 2
_CHUNK = 16
_LONGEST_REGION = 16


@dataclass(frozen=True, slots=True)
class Ordered:
    """A block in reading order, and how sure its place is, 0 to 1."""

    block: Block
    confidence: float


@dataclass(frozen=True, slots=True)
class _Way:
    cost: float
    reader: Reader
    order: tuple[int, ...]
    text: int = -1
    high: int = -1


def in_reading_order(blocks: Sequence[Block], *, prose: bool = False) -> tuple[list[Ordered], tuple[str, ...]]:
    """The blocks in the order in which they read best, and the places that could not be settled (as first words).

    ``prose``: the blocks are a news piece or the like, which begins with a lead and not with a heading.
    """
    items = [to_item(block) for block in blocks]
    costs = Costs(items, prose=prose)
    wrong = _wrong(items, costs)
    if not wrong:
        return [Ordered(block, 1.0) for block in blocks], ()
    pages = _pages(items)
    result: list[Ordered] = []
    doubtful: list[str] = []
    reader = START
    least, each, most = READS_PAGED if items[0].block.page else READS_UNPAGED
    costs.most_reads = costs.reads + min(least + each * len(items), most)
    for first, last in _regions(pages, wrong):
        if costs.reads > costs.most_reads:
            doubtful.extend(items[at].block.first.text[:24] for at in wrong if at >= pages[first][0])
            break
        while len(result) < pages[first][0]:
            reader, _ = costs.read(reader, items[len(result)])
            result.append(Ordered(items[len(result)].block, 1.0))
        done, reader, words = _repair(items, pages[first : last + 1], reader, costs)
        result.extend(done)
        doubtful.extend(words)
    result.extend(Ordered(item.block, 1.0) for item in items[len(result) :])
    return result, tuple(doubtful)


def _wrong(items: Sequence[Item], costs: Costs) -> list[int]:
    """Positions at which the printed order does not read."""
    reader = START
    found: list[int] = []
    for at, item in enumerate(items):
        reader, cost = costs.read(reader, item)
        if cost >= LEAST_WRONG:
            found.append(at)
    if items and costs.end(reader) >= LEAST_WRONG:
        found.append(len(items) - 1)
    return found


def _pages(items: Sequence[Item]) -> list[tuple[int, int]]:
    """Runs of items on one page; runs of at most 16 where a page is longer or the format has no pages."""
    runs: list[tuple[int, int]] = []
    start = 0
    for at in range(1, len(items) + 1):
        new_page = at < len(items) and items[at].block.page != items[start].block.page
        if at == len(items) or new_page or (at - start >= _CHUNK and not items[start].block.page):
            runs.append((start, at))
            start = at
    return runs


def _regions(pages: Sequence[tuple[int, int]], wrong: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of pages to search: those with something wrong and their neighbours."""
    bad = {n for n, (start, end) in enumerate(pages) for at in wrong if start <= at < end}
    near = sorted({m for n in bad for m in range(n - 2, n + 2) if 0 <= m < len(pages)})
    regions: list[tuple[int, int]] = []
    for n in near:
        if regions and n == regions[-1][1] + 1 and n - regions[-1][0] < _LONGEST_REGION:
            regions[-1] = (regions[-1][0], n)
        else:
            regions.append((n, n))
    return regions


def _repair(
    items: Sequence[Item], pages: Sequence[tuple[int, int]], reader: Reader, costs: Costs
) -> tuple[list[Ordered], Reader, list[str]]:
    """The best arrangement of a region, or the printed one where none is better by enough."""
    start, end = pages[0][0], pages[-1][1]
    printed = _Way(0.0, reader, (), start - 1)
    for at in range(start, end):
        after, cost = costs.read(printed.reader, items[at])
        cost += _junction(items, printed, at)
        text = printed.text if items[at].heading else at
        printed = _Way(printed.cost + cost, after, (*printed.order, at), text)
    if end == len(items):
        printed = replace(printed, cost=printed.cost + costs.end(printed.reader))
    ways = _search(items, pages, reader, costs, printed.cost)
    if end == len(items):
        ways = sorted((replace(w, cost=w.cost + costs.end(w.reader)) for w in ways), key=lambda w: w.cost)
    best = ways[0] if ways and printed.cost - ways[0].cost >= LEAST_GAIN else printed
    sure = round(1.0 - 0.5 * math.exp((best.cost - printed.cost) / 3.0), 2)
    moved = {at for n, at in enumerate(best.order) if at != start + n}
    words = []
    check = reader
    for at in best.order:
        check, cost = costs.read(check, items[at])
        if cost >= LEAST_DOUBTFUL:
            words.append(items[at].block.first.text[:24])
    done = [Ordered(items[at].block, sure if at in moved else 1.0) for at in best.order]
    return done, best.reader, words


def _search(
    items: Sequence[Item], pages: Sequence[tuple[int, int]], reader: Reader, costs: Costs, bound: float
) -> list[_Way]:
    """The cheapest ways to read a region, best first; none where all cost more than the bound."""
    held: dict[tuple[int, ...], list[_Way]] = {(): [_Way(0.0, reader, (), pages[0][0] - 1)]}
    for n, (start, end) in enumerate(pages):
        last = n == len(pages) - 1
        finished: dict[tuple[int, ...], list[_Way]] = {}
        for over, ways in held.items():
            pool = (*over, *range(start, end))
            for rest, found in _search_page(items, pool, ways, costs, end, last, bound):
                finished.setdefault(rest, []).append(found)
        held = {rest: sorted(ways, key=lambda w: w.cost)[:_WIDTH] for rest, ways in finished.items()}
    return sorted(held.get((), ()), key=lambda w: w.cost)


def _search_page(
    items: Sequence[Item], pool: tuple[int, ...], ways: Sequence[_Way], costs: Costs, end: int, last: bool, bound: float
) -> list[tuple[tuple[int, ...], _Way]]:
    """Ways to read one page's blocks, some of its last ones held over for the next page, none above the bound."""
    finished: list[tuple[tuple[int, ...], _Way]] = []
    beam = [(way, pool) for way in ways]
    width, choices = (_WIDTH, _CHOICES) if items[pool[0]].block.page else (_WIDTH_UNPAGED, _CHOICES_UNPAGED)
    for taken in range(len(pool) + 1):
        grown: dict[object, tuple[_Way, tuple[int, ...]]] = {}
        for way, rest in beam:
            if not rest or (not last and taken and _may_wait(items, rest, end)):
                held = replace(way, cost=way.cost + PASS_PAGE * len(rest))
                finished.append((rest, held))
            passing = way.cost
            for n, at in enumerate(rest[: 2 * choices]):
                heading = items[at].heading
                if n < choices or heading:
                    reader, cost = costs.read(way.reader, items[at])
                    total = passing + cost + _junction(items, way, at)
                    left = (*rest[:n], *rest[n + 1 :])
                    key = (left, reader.stack, reader.open, reader.empty is None)
                    if total <= bound and (key not in grown or total < grown[key][0].cost):
                        text = way.text if heading else at
                        grown[key] = (_Way(total, reader, (*way.order, at), text, max(way.high, at)), left)
                passing += PASS_HEADING if heading and at > way.high else PASS_TEXT
                if passing > bound:
                    break
        if not grown or costs.reads > costs.most_reads:
            break
        beam = sorted(grown.values(), key=lambda pair: pair[0].cost)[:width]
    return finished


def _may_wait(items: Sequence[Item], rest: tuple[int, ...], end: int) -> bool:
    """Whether the blocks left over are the last text of their page, so that they may belong to the next."""
    if len(rest) > _HELD:
        return False
    return all(at in rest or items[at].heading or items[at].aside for at in range(rest[0], end))


def _junction(items: Sequence[Item], way: _Way, at: int) -> float:
    """What it costs to read this block's text next to the text read before it."""
    if items[at].heading or items[at].aside:
        return 0.0
    if at != _next_text(items, way.text):
        return JUMP
    adjacent = bool(way.order) and way.order[-1] == way.text and items[way.text].block.page == items[at].block.page
    return PLAIN_GAP if adjacent else 0.0


def _next_text(items: Sequence[Item], after: int) -> int:
    """The next block in print that is more than a heading."""
    at = after + 1
    while at < len(items) and (items[at].heading or items[at].aside):
        at += 1
    return at
