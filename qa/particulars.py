"""Questions about a document itself: its number, who issued it, when, and from when it applies."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.model import Kind, PolicyDocument
from qa.document_kinds import official_rank
from qa.document_names import title_core
from qa.evidence import Piece, piece_of
from qa.intent import Want, shape_found
from qa.language import plain, squeeze
from qa.library import Shelf, View
from qa.places import bodies_in
from qa.question import Asked
from qa.rank import Ranked

_ISSUED = re.compile(
    r"印发|发布|公布|签发|发文|成文|出台|下发|落款|(?:哪一?[天日年]|几号|什么时候|何时)发|issued|published|promulgated"
)
_APPLIES = re.compile(r"施行|实施|生效|起效|执行|起算|有效期|到期|失效|take effect|effective|in force|expire")
_WHO = re.compile(
    r"(?:谁|哪家|哪些?单位|哪(?:几|些|个)?个?(?:部门|机构|部委|单位)"
    r"|什么部门|几个?(?:部门|部委|单位|机构))(?:联合|共同|一起)?(?:发|印|出|制定|起草|签|公布)|几家发|五家发|联合发"
)
_AMENDED = re.compile(r"修[改订正](?:之?后|以后|过)|新修[改订正]|改过?之?后")
_AMENDS = re.compile(r"关于修[改订正].*决定")
_IN_FORCE = re.compile(r"施行|实施|生效|执行|有效期|废止")
_EXPIRES = re.compile(r"有效期|到期|失效|截止|expire")
_DEPTH = 12
_AROUND = 40
_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Particulars:
    """The pieces that state what was asked of a document; ``lacking`` are the wants that nothing states."""

    document: PolicyDocument
    pieces: tuple[Piece, ...]
    lacking: tuple[Want, ...]


def find_particulars(asked: Asked, ranked: Sequence[Ranked], shelf: Shelf) -> Particulars | None:
    """What the document says of itself, or None where the question is about its content."""
    text = plain(asked.standalone)
    wants: list[Want] = []
    if asked.intent.has(Want.DOCUMENT_NUMBER):
        wants.append(Want.DOCUMENT_NUMBER)
    dated = asked.intent.has(Want.DATE) and bool(_ISSUED.search(text) or _APPLIES.search(text))
    if dated:
        wants.append(Want.DATE)
    if _WHO.search(text):
        wants.append(Want.BODY)
    if not wants or not _about_document(asked, ranked, wants):
        return None
    best: Particulars | None = None
    for doc_id in _documents(asked, ranked, shelf):
        stated = _stated(wants, asked, shelf.document(doc_id), ranked, shelf, text)
        if best is None or len(stated.lacking) < len(best.lacking):
            best = stated
        if not best.lacking:
            break
    return best


def _stated(
    wants: Sequence[Want], asked: Asked, document: PolicyDocument, ranked: Sequence[Ranked], shelf: Shelf, text: str
) -> Particulars:
    pieces: list[Piece] = []
    lacking: list[Want] = []
    for want in wants:
        found = _stating(want, asked, document, ranked, shelf, text)
        if found is None:
            lacking.append(want)
        elif all(found.view.clause.clause_id != p.view.clause.clause_id or found.spans != p.spans for p in pieces):
            pieces.append(found)
    return Particulars(document, tuple(pieces), tuple(lacking))


def _about_document(asked: Asked, ranked: Sequence[Ranked], wants: Sequence[Want]) -> bool:
    """Whether the document as a whole is meant: it is named, or the question holds little but its name."""
    if Want.DOCUMENT_NUMBER in wants or asked.mentions:
        return True
    title = ranked[0].candidate.view.title
    held = {term.stands_for for term in asked.terms if term.stands_for and term.word in title}
    own_words = [t.word for t in asked.terms if t.stands_for is None and len(t.word) > 1]
    rest = [word for word in own_words if word not in title and word not in held]
    own = _ISSUED.pattern + "|" + _APPLIES.pattern + "|文件|规定|标准|通知|办法|日期|时间"
    return len([word for word in rest if not re.search(own, word)]) <= 2


def _documents(asked: Asked, ranked: Sequence[Ranked], shelf: Shelf) -> list[str]:
    """The documents that may be meant: those named, or that of the best clause; with their notices of issue.

    A plan carries neither number nor date: the notice that issues it does, a document of its own in the same file.
    """
    first = [*asked.named_documents[:_MOST_NAMED]] or [ranked[0].candidate.view.document.doc_id]
    around = [r.candidate.view.document for r in ranked[:_AROUND]]
    if _AMENDED.search(plain(asked.standalone)):
        first = [d.doc_id for d in around if _AMENDS.search(squeeze(d.title))] + first
    for doc_id in tuple(first):
        core = squeeze(title_core(shelf.titles.documents[doc_id].title))
        first += [d.doc_id for d in around if d.kind is Kind.NOTICE and core in squeeze(d.title)]
    return list(dict.fromkeys(first))


def _stating(
    want: Want, asked: Asked, document: PolicyDocument, ranked: Sequence[Ranked], shelf: Shelf, text: str
) -> Piece | None:
    views = [shelf.view(clause, document) for clause in document.clauses]
    if want is Want.DOCUMENT_NUMBER:
        number = squeeze(document.number or "")
        own = _sentence(views, lambda text: bool(number) and number in squeeze(text), shelf)
        return own or _numbered_elsewhere(asked, document, ranked, shelf)
    if want is Want.BODY:
        issuers = [squeeze(issuer) for issuer in document.issuers]
        return _sentence(views, lambda text: bool(issuers) and all(i in squeeze(text) for i in issuers), shelf) or (
            _sentence(views[:6], lambda text: bool(bodies_in(text)) and bool(_ISSUED.search(text)), shelf)
        )
    if _APPLIES.search(text):
        if _EXPIRES.search(text):
            return _sentence(views, _says_until, shelf)
        starting = _sentence(views, lambda text: bool(_IN_FORCE.search(text) and shape_found(Want.DATE, text)), shelf)
        return starting or _sentence(views, lambda text: "施行" in text and "之日" in text, shelf)
    day = document.issued_on
    return _sentence(views, lambda text: day is not None and _prints(day, text), shelf)


def _says_until(text: str) -> bool:
    """Whether a sentence says until when something holds: a heading 有效期 alone does not."""
    return bool(_EXPIRES.search(text)) and (shape_found(Want.DATE, text) or shape_found(Want.DURATION, text))


def _sentence(views: Sequence[View], fits: Callable[[str], bool], shelf: Shelf) -> Piece | None:
    """The sentence that fits; of several the last one, where documents sign and say from when they apply."""
    for view in reversed(views):
        for sentence, text in zip(view.sentences, view.sentence_texts, strict=True):
            if fits(text):
                return piece_of(view, [sentence], shelf)
    return None


_PRINTED_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,}\s*[\[(](?:19|20)\d{2}[\])]\s*(?:第)?\d+\s*号")


def _numbered_elsewhere(asked: Asked, document: PolicyDocument, ranked: Sequence[Ranked], shelf: Shelf) -> Piece | None:
    """A sentence of some other text that prints the document's number beside its name."""
    names = [squeeze(q) for q in asked.quoted] or [squeeze(title_core(document.title))]
    for one in sorted(ranked[:_DEPTH], key=lambda r: official_rank(r.candidate.view.document)):
        view = one.candidate.view
        for sentence, text in zip(view.sentences, view.sentence_texts, strict=True):
            if _PRINTED_NUMBER.search(text) and any(len(name) >= 2 and name in squeeze(text) for name in names):
                return piece_of(view, [sentence], shelf)
    return None


def _prints(day: date, text: str) -> bool:
    folded = re.sub(r"\s", "", text)
    arabic = f"{day.year}年{day.month}月{day.day}日"
    digits = "〇一二三四五六七八九"
    year = "".join(digits[int(c)] for c in str(day.year))
    chinese = f"{year}年{_spoken(day.month)}月{_spoken(day.day)}日"
    return arabic in folded or chinese in folded.replace("○", "〇").replace("零", "〇")


def _spoken(value: int) -> str:
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(value, 10)
    return ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (
        digits[ones] if ones or not tens else ""
    )
