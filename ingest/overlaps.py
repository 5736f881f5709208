"""Pages that begin with the lines the page before ended with, as extraction prints where columns or boxes overlap."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.lines import Line

_MOST = 40
_LEAST_CHARS = 12


def repeated_lines(lines: Sequence[Line]) -> dict[int, int]:
    """Position → position of the same line in the page before, for the first lines of a page that repeat its last.

    Only a whole run counts, from one of the last 40 lines of a page down to its foot, that has a line of at least 12
    characters: sections that merely resemble each other don't end and begin pages so.
    """
    found: dict[int, int] = {}
    for at in range(1, len(lines)):
        if not lines[at].page or lines[at].page == lines[at - 1].page:
            continue
        for first in range(max(0, at - _MOST), at):
            run = at - first
            above, below = lines[first:at], lines[at : at + run]
            if lines[first].text != lines[at].text or [x.text for x in above] != [x.text for x in below]:
                continue
            if any(len(line.text) >= _LEAST_CHARS for line in above):
                found.update({at + n: first + n for n in range(run)})
            break
    return found
