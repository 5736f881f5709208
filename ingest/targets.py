"""What references can point to: a document's clauses by article, item, annex, box, chapter, and by their places."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from functools import cached_property

from ingest.model import Clause, PolicyDocument
from ingest.numerals import NUMERAL, number

_ARTICLE = re.compile(rf"第\s*({NUMERAL})\s*[条條](?:\s*之\s*({NUMERAL}))?")
_ENGLISH_ARTICLE = re.compile(r"(?:Article|Section)\s+(\d{1,3})", re.IGNORECASE)
_UNIT = re.compile(rf"第\s*({NUMERAL})\s*(章|节|编|分编)")
_PART = re.compile(rf"第?({NUMERAL})(?:、|部分)")
_TITLE_START = re.compile(r"^[^\u4e00-\u9fff]*(?:[一二三四五六七八九十]+[、.．])?")
_LONGEST_TITLE = 8
_PARAGRAPH_ENDS = frozenset("。；;：:！!”")


class Targets:
    """Finds the clauses of one document; every look-up is by key."""

    def __init__(self, document: PolicyDocument) -> None:
        self.document = document
        self._by_id = {clause.clause_id: clause for clause in document.clauses}

    @cached_property
    def articles(self) -> dict[tuple[int, ...], Clause]:
        """(12,) or (12, 1) → the clause 第十二条 or 第十二条之一, the first of repeated ones."""
        found: dict[tuple[int, ...], Clause] = {}
        for clause in self.document.clauses:
            value = _article_number(clause.label)
            if value is not None:
                found.setdefault(value, clause)
        return found

    @cached_property
    def _order(self) -> tuple[tuple[int, ...], ...]:
        return tuple(self.articles)

    @cached_property
    def _units(self) -> dict[tuple[str, int], Clause]:
        found: dict[tuple[str, int], Clause] = {}
        for clause in self.document.clauses:
            match = _UNIT.fullmatch(clause.label)
            value = number(match[1]) if match is not None else None
            if match is not None and value is not None:
                found.setdefault((match[2], value), clause)
            for kind, words in (("annex", ("附件", "附录", "附表")), ("box", ("专栏",))):
                if clause.label.startswith(words):
                    found.setdefault((kind, digits(clause.label) or 0), clause)
        return found

    @cached_property
    def _items(self) -> dict[tuple[str, int], list[Clause]]:
        """The id of a clause and a number → the clauses below it of that number: several where it has several lists."""
        found: dict[tuple[str, int], list[Clause]] = defaultdict(list)
        for clause in self.document.clauses:
            value = digits(clause.label) if clause.parent_id else None
            if clause.parent_id and value is not None:
                found[clause.parent_id, value].append(clause)
        return found

    @cached_property
    def _places(self) -> dict[str, list[tuple[Clause, int]]]:
        """Pairs of characters in the titles of paths → clauses with the depth of the step that holds them."""
        found: dict[str, list[tuple[Clause, int]]] = defaultdict(list)
        for clause in self.document.clauses:
            for depth, step in enumerate(clause.path):
                title = _TITLE_START.sub("", step)[:_LONGEST_TITLE]
                for pair in {title[i : i + 2] for i in range(len(title) - 1)}:
                    found[pair].append((clause, depth))
        return found

    def unit(self, kind: str, value: int) -> Clause | None:
        """章, 节, 编, annex or box of that number, or None."""
        return self._units.get((kind, value))

    def part(self, value: int, item: int | None) -> Clause | None:
        """The heading 四、 of a text without articles, or its item （三） where it has one, or None."""
        clause = next((c for c in self.document.clauses if c.parent_id is None and _is_part(c.label, value)), None)
        return clause if clause is None else self.item_of(clause, item)

    def article(self, value: tuple[int, ...], item: int | None, paragraph: int | None = None) -> Clause | None:
        """An article, or its item where it has one of that number."""
        clause = self.articles.get(value)
        return clause if clause is None else self.item_of(clause, item, paragraph)

    def item_of(self, clause: Clause, item: int | None, paragraph: int | None = None) -> Clause:
        """The item of that number below an article, or the article where it has none.

        An article with several lists has several items of one number: then ``paragraph`` (第二款, from 1) says which is
        meant, and without it, or where it has none there, no item is.
        """
        found = self._items.get((clause.clause_id, item), []) if item is not None else []
        if len(found) > 1:
            found = [one for one in found if _paragraph_above(clause, one) == paragraph]
        return found[0] if found else clause

    def article_before(self, clause: Clause) -> Clause | None:
        """The article before the one that a clause stands in."""
        home = self.article_of(clause)
        value = _article_number(home.label) if home is not None else None
        if value is None:
            return None
        at = self._order.index(value)
        return self.articles[self._order[at - 1]] if at else None

    def article_of(self, clause: Clause) -> Clause | None:
        """The article that a clause is or stands in."""
        return self._above(clause, lambda label: _article_number(label) is not None)

    def unit_of(self, clause: Clause, kind: str) -> Clause | None:
        """The chapter, section or part that a clause stands in."""
        return self._above(clause, lambda label: label.startswith("第") and label.endswith(kind))

    def _above(self, clause: Clause, fits: Callable[[str], bool]) -> Clause | None:
        current: Clause | None = clause
        while current is not None and not fits(current.label):
            current = self._by_id.get(current.parent_id) if current.parent_id else None
        return current

    def described(self, words: str, like: Clause) -> Clause | None:
        """The clause whose place the words name best (深圳精细化 → 六、深圳 › … › 2.精细化), or None.

        A clause with the same title as ``like`` is preferred, since 与…相同 is said of like things.
        """
        steps: dict[str, set[int]] = defaultdict(set)
        clauses: dict[str, Clause] = {}
        for pair in dict.fromkeys(words[i : i + 2] for i in range(len(words) - 1)):
            for clause, depth in self._places.get(pair, ()):
                steps[clause.clause_id].add(depth)
                clauses[clause.clause_id] = clause
        own = like.heading.strip("。:：()（） ")[:4]
        best, best_score = None, 1.9
        for clause_id, depths in steps.items():
            clause = clauses[clause_id]
            if clause.path[:1] == like.path[:1]:
                continue
            score = len(depths) + (1.0 if own and clause.heading.startswith(own) else 0.0) - 0.01 * len(clause.path)
            if score > best_score:
                best, best_score = clause, score
        return best


def _paragraph_above(article: Clause, item: Clause) -> int:
    """Which of the article's own paragraphs announces an item, from 1; lines that stop in mid-sentence go on."""
    count, at, begins = 0, 0, True
    for start, end in article.spans:
        if item.spans and start > item.spans[0][0]:
            break
        for line in article.text[at : at + end - start].split("\n"):
            count += begins and bool(line.strip())
            begins = line.rstrip()[-1:] in _PARAGRAPH_ENDS
        at += end - start
        at += article.text[at : at + 1] == "\n"  # spans of one line are quoted without a break between
    return count


def _is_part(label: str, value: int) -> bool:
    match = _PART.fullmatch(label.strip())
    return match is not None and number(match[1]) == value


def digits(label: str) -> int | None:
    """The number in a label, or None."""
    match = re.search(NUMERAL, label)
    return number(match[0]) if match is not None else None


def _article_number(label: str) -> tuple[int, ...] | None:
    english = _ENGLISH_ARTICLE.fullmatch(label)
    if english is not None:
        return (int(english[1]),)
    match = _ARTICLE.fullmatch(label)
    first = number(match[1]) if match is not None else None
    if match is None or first is None:
        return None
    sub = number(match[2]) if match[2] else None
    return (first,) if sub is None else (first, sub)
