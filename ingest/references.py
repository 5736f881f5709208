"""Places where a clause points elsewhere: 本法第三十四条, 前款, 《网络安全法》第二十一条, 附件2, 与深圳精细化要求相同.

Each becomes a link to a clause of the same document or of another one in the file, or carries the printed name of a
document that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.model import Clause, PolicyDocument, Reference
from ingest.names import short_names
from ingest.numerals import NUMERAL, number
from ingest.targets import Targets
from ingest.titles import bare

_N = NUMERAL
_THIS = "本(?:法|条例|條例|办法|辦法|规定|規定|细则|意见|方案|章程|规则|解释|指南|标准|公告|通知|决定)"
_ITEM = rf"(?:第(?P<para>{_N})款)?(?:第[（(]?(?P<item>{_N})[)）]?[项項])?"
_ARTICLE = re.compile(rf"第 ?(?P<first>{_N}) ?[条條](?:之(?P<sub>{_N}))?{_ITEM}")
_OWN = re.compile(rf"{_THIS}$")
_QUOTED = re.compile(r"《([^《》\n]{2,60})》(?:[（(][^()（）\n]{1,30}[)）])?$")
_PLAIN = re.compile(r"((?:中华人民共和国)?[\u4e00-\u9fff]{2,14}(?:法典|法|条例|办法))$")
_STATE = "中华人民共和国"
_BEFORE_NAME = re.compile(r".*(?:[依按]照|根据|依据|违反|适用|符合|构成|参照|执行|履行|以及|[和与及或的对由按]|有关)")
_BACKWARD = 48
_FURTHER = re.compile(rf"(?:、|和|及|与|或者|或|至|到)第(?P<first>{_N})[条條](?:之(?P<sub>{_N}))?{_ITEM}")
_FURTHER_ITEM = re.compile(rf"(?:、|和|及|与|或者|或)第[（(]?(?P<item>{_N})[)）]?项")
_ENGLISH = re.compile(
    r"\b(?:Article|Section|article|section) (?P<first>\d{1,3})(?: ?\((?P<item>\d{1,2})\))?"
    r"(?: of (?:the )?(?P<other>(?:(?:[A-Z][\w-]*|of|on|for|and|the|these|this)\b[ ]?){1,12}))?"
)
_ITSELF = re.compile(r"(?:these|this|the (?:Measures|Ordinance|Regulations|Law))\b", re.IGNORECASE)
_AMENDING = re.compile(r"关于(?:修改|修订|修正)《([^《》]{3,80})》.{0,20}的决定$")
_NAME = re.compile(r"《([^《》\n]{2,80})》")
_RELATIVE = re.compile(
    rf"(?:前(?P<count>[两二三四])?(?P<what>款|项|條|条|項)|上款|本(?:条|條)(?=第{_N}款))"
    rf"(?:第(?P<para>{_N})款)?(?:第[（(]?(?P<item>{_N})[)）]?[项項])?"
)
_ANNEX = re.compile(rf"(?P<label>附件|附录|附表)\s*(?P<n>{_N})?")
_BOX = re.compile(rf"专栏\s*(?P<n>{_N})")
_SECTION = re.compile(rf"(?P<own>本章|本节|本编)|第(?P<n>{_N})(?P<what>章|节|编)")
_PART = re.compile(rf"第 ?(?P<n>{_N}) ?部分(?:第[（(]?(?P<item>{_N})[)）]?[项項条條点])?")
_SAME = re.compile(
    r"与([\u4e00-\u9fff“”A-Za-z0-9]{2,30}?)(?:的)?(?:(?:要求|条件|标准|规定|指标)(?:相同|一致|同)|相同|一致)(?=[)）。;；,，\s]|$)"
)
_AGREE = ("协商", "意见", "达成", "取得")
_LEAST = 3
_LONGEST = 20_000


def with_references(documents: Sequence[PolicyDocument]) -> tuple[PolicyDocument, ...]:
    """The documents of one file with the references of their clauses resolved within the file."""
    targets = [Targets(document) for document in documents]
    names: dict[str, Targets] = {}
    named = [(target.document.title, target) for target in targets]
    named += [(alias, target) for target in targets for alias in target.document.aliases]
    for name, target in named:
        if len(bare(name)) >= _LEAST:
            names.setdefault(bare(name), target)
    completed = []
    for target in targets:
        short = short_names(target.document)
        clauses = []
        for clause in target.document.clauses:
            found = _Finder(clause, target, names, short).all()
            clauses.append(replace(clause, references=found) if found else clause)
        completed.append(replace(target.document, clauses=tuple(clauses)))
    return tuple(completed)


class _Finder:
    """Finds what one clause points to."""

    def __init__(self, clause: Clause, own: Targets, names: dict[str, Targets], short: dict[str, str]) -> None:
        self._clause = clause
        self._own = own
        self._names = names
        self._short = short
        amended = _AMENDING.search(own.document.title)
        self._amended = amended[1] if amended is not None else None

    def all(self) -> tuple[Reference, ...]:
        """The references of the clause, in the order of its text, none of them overlapping."""
        text = self._clause.text[:_LONGEST]
        taken: list[tuple[int, int]] = []
        found: list[Reference] = []
        for pattern, make in (
            (_ARTICLE, self._article),
            (_ENGLISH, self._english),
            (_RELATIVE, self._relative),
            (_ANNEX, self._annex),
            (_BOX, self._box),
            (_SECTION, self._section),
            (_PART, self._part),
            (_SAME, self._same),
            (_NAME, self._named),
        ):
            for match in pattern.finditer(text):
                if not any(start < match.end() and match.start() < end for start, end in taken):
                    made = list(make(match))
                    found.extend(reference for _, reference in made)
                    taken.extend(span for span, _ in made)
        return tuple(sorted(found, key=lambda reference: reference.span))

    def _to(
        self, match: re.Match[str], target: Targets | None, clause: Clause | None = None, named: str | None = None
    ) -> Iterator[tuple[tuple[int, int], Reference]]:
        further = match.re is _FURTHER or match.re is _FURTHER_ITEM
        start = match.start() + (match[0].index("第") if further else 0)
        if clause is not None and clause.clause_id == self._clause.clause_id and match.re is not _RELATIVE:
            return
        reference = Reference(
            span=_global(self._clause, start, match.end()),
            text=match.string[start : match.end()],
            target_document=target.document.doc_id if target is not None else None,
            target_clause=clause.clause_id if clause is not None else None,
            named=named,
        )
        yield match.span(), reference

    def _article(self, match: re.Match[str]) -> Iterator[tuple[tuple[int, int], Reference]]:
        """本法第X条, 《…》第X条 and 某法第X条, with 、第Y条 behind it; a bare 第X条 only where the document has it."""
        before = self._clause.text[max(0, match.start() - _BACKWARD) : match.start()]
        if not before.strip():
            return  # the clause's own label
        itself = _OWN.search(before) is not None
        own = itself and self._amended is None
        name = None if own else (None if itself else _name_before(before)) or self._amended
        target: Targets | None = self._own
        if name is not None:
            target, name = self._look_up(name)
        piece: re.Match[str] | None = match
        wanted: tuple[int, ...] = ()
        paragraph: int | None = None
        while piece is not None:
            if target is None:
                yield from self._to(piece, None, named=name)
            else:
                article, item = (wanted, number(piece["item"])) if piece.re is _FURTHER_ITEM else _wanted(piece)
                paragraph = paragraph if piece.re is _FURTHER_ITEM else _paragraph(piece)
                clause = target.article(article, item, paragraph)
                if clause is not None or own or target is not self._own:
                    yield from self._to(piece, target, clause)
            wanted = _wanted(piece)[0] if piece.re is not _FURTHER_ITEM else wanted
            piece = self._further(piece)

    def _english(self, match: re.Match[str]) -> Iterator[tuple[tuple[int, int], Reference]]:
        """Article 5, Article 4(2), and Article 12 of the Yunxi Harbour Law, which is another text."""
        if not self._clause.text[: match.start()].strip():
            return  # the clause's own label
        if match["other"] is not None and _ITSELF.match(match["other"]) is None:
            yield from self._to(match, None, named=match["other"].strip())
            return
        clause = self._own.article((int(match["first"]),), int(match["item"]) if match["item"] else None)
        if clause is not None:
            yield from self._to(match, self._own, clause)

    def _further(self, piece: re.Match[str]) -> re.Match[str] | None:
        """、第八条 behind 第七条, or 、第三项 behind 第七条第一项."""
        text = self._clause.text
        further = _FURTHER.match(text, piece.end())
        return further or (_FURTHER_ITEM.match(text, piece.end()) if piece["item"] else None)

    def _look_up(self, name: str) -> tuple[Targets | None, str]:
        """The document of that name in the file, and the full name where the text has defined a short one."""
        full = self._short.get(bare(name), name)
        return self._names.get(bare(full)), full

    def _relative(self, match: re.Match[str]) -> Iterator[tuple[tuple[int, int], Reference]]:
        """前条 is the article before; 前款 and 前两项 are in the article that the clause stands in."""
        before = match["what"] in {"条", "條"}
        home = self._own.article_before(self._clause) if before else self._own.article_of(self._clause)
        if home is not None:
            item = number(match["item"]) if match["item"] else None
            yield from self._to(match, self._own, self._own.item_of(home, item, _paragraph(match)))

    def _annex(self, match: re.Match[str]) -> Iterator[tuple[tuple[int, int], Reference]]:
        if match.start() == 0:
            return  # the clause's own label
        clause = self._own.unit("annex", (number(match["n"]) or 0) if match["n"] else 0)
        if clause is not None:
            yield from self._to(match, self._own, clause)

    def _box(self, match: re.Match[str]) -> Iterator[tuple[tuple[int, int], Reference]]:
        clause = self._own.unit("box", number(match["n"]) or 0)
        if clause is not None:
            yield from self._to(match, self._own, clause)

    def _section(self, match: re.Match[str]) -> Iterator[tuple[tuple[int, int], Reference]]:
        if match["own"] is not None:
            clause = self._own.unit_of(self._clause, match["own"][-1])
        else:
            clause = self._own.unit(match["what"], number(match["n"]) or 0)
        if clause is not None and match.start() > 0:
            yield from self._to(match, self._own, clause)

    def _part(self, match: re.Match[str]) -> Iterator[tuple[tuple[int, int], Reference]]:
        """《…计划》第四部分第（三）项, and 第四部分 of this text: a plan counts its headings 一、 and （一）."""
        before = self._clause.text[max(0, match.start() - _BACKWARD) : match.start()]
        quoted = _QUOTED.search(before)
        target, name = self._look_up(quoted[1]) if quoted is not None else (self._own, None)
        if target is None:
            yield from self._to(match, None, named=name)
            return
        clause = target.part(number(match["n"]) or 0, number(match["item"]) if match["item"] else None)
        if clause is not None:
            yield from self._to(match, target, clause)

    def _same(self, match: re.Match[str]) -> Iterator[tuple[tuple[int, int], Reference]]:
        """与深圳精细化要求相同, but not 与劳动者协商一致"""
        if match[1].endswith(_AGREE):
            return
        clause = self._own.described(match[1], self._clause)
        if clause is not None:
            yield from self._to(match, self._own, clause)

    def _named(self, match: re.Match[str]) -> Iterator[tuple[tuple[int, int], Reference]]:
        """《…》: a document in the file, or the name of one that is not."""
        target, name = self._look_up(match[1])
        if target is None:
            yield from self._to(match, None, named=name)
        elif target is not self._own:
            yield from self._to(match, target)


def _name_before(before: str) -> str | None:
    """The law that the words before 第X条 name, or None where they name none."""
    quoted = _QUOTED.search(before)
    if quoted is not None:
        return quoted[1]
    plain = _PLAIN.search(before)
    if plain is None:
        return None
    state = plain[1].rfind(_STATE)
    name = plain[1][state:] if state >= 0 else _BEFORE_NAME.sub("", plain[1])
    return name if len(name) >= _LEAST else None


def _wanted(match: re.Match[str]) -> tuple[tuple[int, ...], int | None]:
    """The number of the article and of its item that a match names."""
    first = number(match["first"]) or 0
    sub = number(match["sub"]) if match["sub"] else None
    return ((first,) if sub is None else (first, sub)), (number(match["item"]) if match["item"] else None)


def _paragraph(match: re.Match[str]) -> int | None:
    """The number of the paragraph (第二款) that a match names."""
    return number(match["para"]) if match["para"] else None


def _global(clause: Clause, start: int, end: int) -> tuple[int, int]:
    """Offsets in a clause's text → the span in the source."""
    offset = 0
    for first, last in clause.spans:
        length = last - first
        if start < offset + length:
            begin = first + start - offset
            return begin, min(begin + end - start, last)
        offset += length
        offset += clause.text[offset : offset + 1] == "\n"  # spans of one line are quoted without a break between
    return clause.spans[-1]
