"""Clauses that the answering clause points to: 违反本法第三十四条规定, 前条第四项, 与国家级标准相同."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.model import Clause, PolicyDocument, Span
from ingest.numerals import number
from qa.gather import matches_label
from qa.language import plain, squeeze
from qa.library import Shelf, View
from qa.places import Label, labels_in
from qa.pointing import ITEMS_BESIDE, SAME_AS, asks_onward, defers

_POINTER = re.compile(
    r"(?:《([^》]{2,60})》|本(?:法|条例|办法|规定|细则|标准|规划|方案|通知)|(?:该|同|上述)?(条例|办法|规定|细则))?"
    r"(第[零〇一二三四五六七八九十百千\d]+条(?:之[一二三四五六七八九十])?)"
)
_PART_POINTER = re.compile(
    r"《([^》]{2,60})》(?:[(][^()]*[)])?(第[一二三四五六七八九十\d]+部分)(?:第[(]?([一二三四五六七八九十\d]+)[)]?[项条点])?"
)
_PREVIOUS = re.compile(r"前条(?:第([一二三四五六七八九十\d]+)[项款])?")
_MOST = 3


@dataclass(frozen=True, slots=True)
class Followed:
    """A pointer as printed and the clause that it points to."""

    words: str
    view: View


def worth_following(view: View, question: str) -> bool:
    """Whether what a clause points to belongs into the answer: it leaves the matter to the other, or that is asked."""
    return defers(view.text) or asks_onward(question)


def follow(view: View, shelf: Shelf, shown_spans: Sequence[Span]) -> list[Followed]:
    """The clauses that the shown words point to, at most three, in the order in which they are named.

    An article is left out where an item of it is what they point to.
    """
    followed: dict[str, Followed] = {}
    for words, document, clause in (
        *_parsed(view, shelf, shown_spans),
        *_printed(view, shelf),
        *_items(view, shelf),
        *_same(view, shelf),
    ):
        by_item = any(one.view.clause.parent_id == clause.clause_id for one in followed.values())
        if clause.clause_id != view.clause.clause_id and clause.clause_id not in followed and not by_item:
            target = shelf.view(clause, document)
            if target.sentences:
                followed[clause.clause_id] = Followed(words, target)
    return list(followed.values())[:_MOST]


def _parsed(view: View, shelf: Shelf, shown: Sequence[Span]) -> Iterator[tuple[str, PolicyDocument, Clause]]:
    """What ingest resolved."""
    for reference in view.clause.references:
        inside = any(a <= reference.span[0] < b for a, b in shown)
        if inside and reference.target_clause is not None:
            doc_id = reference.target_document or view.document.doc_id
            target = shelf.clause(doc_id, reference.target_clause)
            if target is not None:
                yield " ".join(reference.text.split()), shelf.document(doc_id), target


def _printed(view: View, shelf: Shelf) -> Iterator[tuple[str, PolicyDocument, Clause]]:
    """Articles named by number in the clause's text, in this document or in one that 《…》 or a short name names."""
    text = view.text.removeprefix(view.clause.label)
    for match in _POINTER.finditer(text):
        label = labels_in(match[3])[0]
        named = match[1] or match[2]
        document = shelf.document(view.document.doc_id)
        if named:
            other = _document_named(named, view, shelf)
            if other is None:
                continue
            document = other
        target = _article(document, label)
        if target is not None:
            yield match[0], document, target
    yield from _parts(text, view, shelf)
    previous = _PREVIOUS.search(text)
    if previous is not None:
        target = _before(view, shelf, previous[1])
        if target is not None:
            yield previous[0], shelf.document(view.document.doc_id), target


def _parts(text: str, view: View, shelf: Shelf) -> Iterator[tuple[str, PolicyDocument, Clause]]:
    """《…计划》第四部分第(三)项 of another document: its heading 四、 or that heading's item."""
    for match in _PART_POINTER.finditer(text):
        document = _document_named(match[1], view, shelf)
        part = _article(document, labels_in(match[2])[0]) if document is not None else None
        if document is None or part is None:
            continue
        item = number(match[3]) if match[3] else None
        below = shelf.children(document.doc_id, part.clause_id)
        yield match[0], document, next((c for c in below if item and _numbered(c, item)), part)


def _numbered(clause: Clause, value: int) -> bool:
    return number(plain(clause.label).strip("()、. ")) == value


def _items(view: View, shelf: Shelf) -> Iterator[tuple[str, PolicyDocument, Clause]]:
    """The items beside this one that it names by number (以上3、4项指标)."""
    found = ITEMS_BESIDE.search(view.text)
    if found is None or view.clause.parent_id is None:
        return
    wanted = {number(one) for one in re.findall(r"\d+|[一二三四五六七八九十]+", found[1])}
    for clause in shelf.children(view.document.doc_id, view.clause.parent_id):
        own = _OWN_NUMBER.match(plain(clause.label))
        if own is not None and number(own[0]) in wanted:
            yield found[0], shelf.document(view.document.doc_id), clause


_OWN_NUMBER = re.compile(r"(?<=[(第])[\d一二三四五六七八九十]+|\d+|[一二三四五六七八九十]+")


def _document_named(name: str, view: View, shelf: Shelf) -> PolicyDocument | None:
    for reference in view.clause.references:
        if reference.target_document and squeeze(name) == squeeze(reference.named or reference.text):
            return shelf.document(reference.target_document)
    mentions = [m for m in shelf.titles.mentions(f"《{name}》") if m.doc_id != view.document.doc_id]
    if mentions and mentions[0].certainty >= 0.6:
        return shelf.document(mentions[0].doc_id)
    own = squeeze(view.document.title)
    if name in ("条例", "办法", "规定", "细则") and name in own:
        return shelf.document(view.document.doc_id)
    return None


def _article(document: PolicyDocument, label: Label) -> Clause | None:
    return next((clause for clause in document.clauses if matches_label(clause, label)), None)


def _before(view: View, shelf: Shelf, item: str | None) -> Clause | None:
    """The article before the one that ``view`` is or belongs to, or its item of that number."""
    doc_id = view.document.doc_id
    clauses = shelf.document(doc_id).clauses
    articles = [clause for clause in clauses if any(own.kind == "条" for own in labels_in(clause.label))]
    own = view.clause
    while own.parent_id and own not in articles:
        parent = shelf.clause(doc_id, own.parent_id)
        if parent is None:
            break
        own = parent
    at = next((i for i, clause in enumerate(articles) if clause.clause_id == own.clause_id), 0)
    if at == 0:
        return None
    before = articles[at - 1]
    if item is None:
        return before
    children = shelf.children(doc_id, before.clause_id)
    place = number(item)
    return children[place - 1] if place and place <= len(children) else before


def _same(view: View, shelf: Shelf) -> Iterator[tuple[str, PolicyDocument, Clause]]:
    """The section of the same name under the heading that “与…相同” names, in the same document.

    A text may name itself by a slip (广州: 与广州省要求相同, for 广东省): the section is then the one whose name is
    nearest to what is printed.
    """
    found = SAME_AS.search(view.text)
    if not found or not view.clause.path:
        return
    wanted = squeeze(found[1])
    own_heading = _heading(view.clause)
    own_section = squeeze(plain(view.clause.path[0]))
    best: tuple[float, Clause] | None = None
    document = shelf.document(view.document.doc_id)
    slip = _shared(wanted, own_section) > 0
    for clause in document.clauses:
        if not clause.path or clause.path[0] == view.clause.path[0]:
            continue
        if own_heading and _heading(clause) != own_heading:
            continue
        place = squeeze(plain(" ".join(clause.path[:-1] or clause.path)))
        fit = _letters(wanted, squeeze(plain(clause.path[0]))) if slip else _shared(wanted, place)
        if fit >= _LEAST_SHARED and (best is None or fit > best[0]):
            best = (fit, clause)
    if best is not None:
        yield found[0], document, best[1]


_LEAST_SHARED = 0.3


def _letters(wanted: str, section: str) -> float:
    """The share of a section's letters, its number aside, that ``wanted`` has."""
    name = section.lstrip("零一二三四五六七八九十0123456789")
    return sum(letter in wanted for letter in name) / max(1, len(name))


def _heading(clause: Clause) -> str:
    bare = re.sub(r"^[\d一二三四五六七八九十()()、..\s]+", "", clause.path[-1] if clause.path else "")
    return squeeze(clause.heading or bare)[:12]


def _shared(wanted: str, path: str) -> float:
    pairs = {wanted[i : i + 2] for i in range(len(wanted) - 1)}
    return sum(pair in path for pair in pairs) / max(1, len(pairs))
