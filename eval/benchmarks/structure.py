"""Clause trees against gold: the share of content lines in the right document, under the right label, in their place.

``python -m eval.benchmarks.structure TEXT GOLD.json...`` parses a text and prints the shares for each gold file. A gold
file lists documents with ``title``, ``aliases`` and ``clauses``; a clause has its true ``path`` and its 1-based lines,
as ``line_start`` and ``line_end`` or, where it is cut by other text, as ``spans``. Numbered labels compare by their
number, titled ones by their first eight characters; labels that a text does not print (导语, 引言, 落款) may be there
or not.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ingest.model import Clause, ParsedFile, PolicyDocument, Span
from ingest.pipeline import parse_file

_N = "[一二三四五六七八九十百千零〇两0-9]+"
_LABEL = re.compile(rf"第{_N}[编章节条](?:之{_N})?|专栏\d+|[一二三四五六七八九十]+|\d+")
_NUMBERED = re.compile(rf"第{_N}[编章节条]|专栏\d+|[(（]?[一二三四五六七八九十\d]+[)）、.．,，]|[A-D][.、．]")
_SUPPLIED = frozenset(
    {"导语", "引言", "主送", "落款", "正文", "前言", "作者", "来源", "编者按", "注", "序言", "附件", "题名"}
)
_OPENING = 6


@dataclass(frozen=True, slots=True)
class Structure:
    """Shares of content lines, each 0 to 1, and how many lines there are."""

    lines: int
    document: float
    leaf: float
    path: float
    wrong: tuple[int, ...] = ()
    """1-based numbers of the lines that are not in their place."""


def folded(text: str) -> str:
    """Text without punctuation and brackets, full-width characters and long dashes made one."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("—", "-").replace("–", "-").replace("~", "-")
    return re.sub(r"[\s,，。、;；:：“”\"'‘’()（）《》〈〉\[\]【】*_#|>]", "", plain)


def key(label: str) -> str:
    """What two printings of one label share: the number, or the first eight characters."""
    text = folded(label)
    match = _LABEL.match(text)
    return match[0] if match is not None else text[:8]


def measure(parsed: ParsedFile, gold: Sequence[Mapping[str, Any]]) -> Structure:
    """How many of the gold's lines stand where it says. Lines that hold nothing but digits don't count."""
    printed = parsed.source.text.split("\n")
    placed = _placed(parsed, printed)
    running = _running(printed)
    total = in_document = under_label = in_place = 0
    wrong: list[int] = []
    for document in gold:
        names = {folded(name) for name in (document["title"], *(document.get("aliases") or [])) if name}
        for clause in document["clauses"]:
            numbers = [n for n in _lines(clause) if _content(printed[n - 1], running)]
            for n in numbers:
                total += 1
                found = [c for d, c in placed.get(n, ()) if _same(folded(d.title), names)]
                in_document += bool(found)
                place, leaf = _fits(clause["path"], printed[numbers[0] - 1], found)
                under_label += leaf
                in_place += place
                if not place:
                    wrong.append(n)
    share = max(total, 1)
    return Structure(total, in_document / share, under_label / share, in_place / share, tuple(wrong))


def _same(title: str, names: set[str]) -> bool:
    return any(title in name or name in title for name in names)


def _fits(path: Sequence[str], opening: str, found: Sequence[Clause]) -> tuple[bool, bool]:
    """Whether some clause stands at the path, and whether its last label does."""
    want = [key(label) for label in path]
    wants = [want, want[:-1]] if path and _optional(path[-1], opening) else [want]
    have = [[key(step) for step in clause.path if step not in _SUPPLIED] for clause in found]
    place = any(keys in wants for keys in have)
    return place, place or any(keys and want and keys[-1] == want[-1] for keys in have)


def _optional(label: str, opening: str) -> bool:
    """A label that whoever made the gold supplied, or that only repeats how an unnumbered paragraph begins."""
    repeats = _NUMBERED.match(label.strip()) is None and folded(opening).startswith(folded(label)[:_OPENING])
    return label in _SUPPLIED or repeats


def _lines(clause: Mapping[str, Any]) -> Iterator[int]:
    for first, last in clause.get("spans") or [[clause["line_start"], clause["line_end"]]]:
        yield from range(first, last + 1)


def _content(line: str, running: frozenset[str]) -> bool:
    text = line.strip()
    return bool(text) and not text.isdigit() and text not in running


def _running(printed: Sequence[str]) -> frozenset[str]:
    """Short lines that a file repeats more than twenty times: its running headers."""
    counts: dict[str, int] = {}
    for line in printed:
        if 0 < len(line.strip()) <= 12:
            counts[line.strip()] = counts.get(line.strip(), 0) + 1
    return frozenset(text for text, count in counts.items() if count > 20)


def _placed(parsed: ParsedFile, printed: Sequence[str]) -> dict[int, list[tuple[PolicyDocument, Clause]]]:
    """1-based line → the clauses that hold some of it, with their documents."""
    starts = [0]
    for line in printed:
        starts.append(starts[-1] + len(line) + 1)
    found: dict[int, list[tuple[PolicyDocument, Clause]]] = {}
    for document in parsed.documents:
        for clause in document.clauses:
            for n in sorted({n for span in clause.spans for n in _touched(span, starts)}):
                found.setdefault(n, []).append((document, clause))
    return found


def _touched(span: Span, starts: Sequence[int]) -> range:
    return range(bisect_right(starts, span[0]), bisect_right(starts, max(span[0], span[1] - 1)) + 1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Parses a text, prints the shares for every gold file as JSON, and returns 0."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("text", type=Path)
    parser.add_argument("gold", type=Path, nargs="+")
    chosen = parser.parse_args(arguments)
    began = time.perf_counter()
    parsed = parse_file(chosen.text)
    seconds = time.perf_counter() - began
    shares = {path.stem: asdict(measure(parsed, json.loads(path.read_text(encoding="utf-8")))) for path in chosen.gold}
    clauses = sum(len(document.clauses) for document in parsed.documents)
    figures = {"documents": len(parsed.documents), "clauses": clauses, "seconds": round(seconds, 2), "gold": shares}
    sys.stdout.write(json.dumps(figures, ensure_ascii=False, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
