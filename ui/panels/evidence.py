"""The panel beside the answer: each cited clause with its document, and the quoted words marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ingest.model import Clause, PolicyDocument, SourceText, Span
from ui.citation import in_title_marks, official, step
from ui.page_image import marked_pages, picture_address
from ui.parts import icon_button, note, text_button
from ui.passages import block_html, clause_blocks
from ui.render import attributes, badge, esc, shorten
from ui.turns import spans_of
from ui.validity import shown_status
from ui.words import Words
from ui.workspace import Workspace

Json = dict[str, Any]

_LONG_CLAUSE_CHARS: Final = 420
"""A clause longer than this is opened at its quoted paragraphs, with the rest one click away."""


def evidence_frame(words: Words) -> str:
    """The empty panel, which the page's script fills with a turn's cards; and the dialog that reports a citation."""
    return f"""
<aside class="evidence" id="evidence" aria-labelledby="evidence-title">
  <div class="evidence-head"><h2 id="evidence-title">{esc(words("evidence.title"))}</h2>
    {icon_button("close-evidence", words("close"), "close")}</div>
  <div class="cards" id="evidence-cards" aria-live="polite"><p class="hint">{esc(words("evidence.none"))}</p></div>
</aside>
<dialog id="report" class="small-dialog" aria-labelledby="report-title">
  <form method="dialog"><h2 id="report-title">{esc(words("report.title"))}</h2>
  <p class="report-about" id="report-about"></p>
  <label for="report-note">{esc(words("report.note"))}</label>
  <textarea id="report-note" rows="3" maxlength="1000" placeholder="{esc(words("report.placeholder"))}"></textarea>
  <div class="row-end">{text_button("close-report", words("cancel"), kind="quiet")}
  {text_button("send-report", words("report.send"), kind="primary")}</div></form>
</dialog>"""


def citation_cards(workspace: Workspace, turn: Json, words: Words) -> str:
    """All cards of a turn: one for each citation, or for each of the nearest clauses where it was a refusal."""
    cards = [_card(workspace, one, str(one["marker"]), spans_of(one), words) for one in turn["citations"]]
    cards += [_card(workspace, one, f"n{i}", (), words) for i, one in enumerate(turn["nearest"], 1) if not cards]
    return "".join(cards)


def _card(workspace: Workspace, given: Json, name: str, marks: tuple[Span, ...], words: Words) -> str:
    found = workspace.find_clause(given["clause_id"])
    if found is None:
        return _lost_card(given, name, words)
    document, clause, source = found
    cited = official(document.title, document.number, clause.path)
    shown = _quotation(source.text, clause, marks, words)
    spelt = ",".join(f"{start}-{end}" for start, end in marks)
    key = clause.clause_id
    return f"""
<section class="card"{attributes(data_card=name, data_clause=clause.clause_id, aria_label=cited)} tabindex="-1">
  <header>{seal(name)}
    <div class="card-title"><h3>{esc(document.title)}</h3>{badge(shown_status(document), words)}</div></header>
  {facts(document, words, clause, given.get("found"))}
  {crumbs(clause, words)}
  <blockquote class="clause">{shown}</blockquote>
  {_mended(clause, words)}{_excerpt(source, document, clause, marks, words)}
  <footer class="card-actions">
    {text_button("read", words("evidence.read"), "read", "text-button strong", data_clause=key, data_marks=spelt)}
    {text_button("copy", words("evidence.cite"), "quote", data_copy=cited)}
    {text_button("copy-link", words("evidence.link"), "link", data_clause=key)}
    {_wrong_button(given, cited, words)}
  </footer>
</section>"""


def seal(name: str, kind: str = "") -> str:
    """A source's number as a seal, a hollow one for a near clause that nothing cites (``n1``)."""
    hollow = " hollow" if name.startswith("n") else ""
    return f'<span class="seal{kind}{hollow}" aria-hidden="true">{esc(name.removeprefix("n"))}</span>'


def _wrong_button(given: Json, cited: str, words: Words) -> str:
    if "marker" not in given:
        return ""
    told = {"data_clause": given["clause_id"], "data_marker": given["marker"], "data_about": cited}
    return text_button("report", words("evidence.wrong"), "flag", **told)


def _quotation(text: str, clause: Clause, marks: tuple[Span, ...], words: Words) -> str:
    blocks = clause_blocks(text, clause, words("turn.table"), marks)
    long = sum(end - start for start, end in clause.spans) > _LONG_CLAUSE_CHARS
    if not long or not any(block.marked for block in blocks):
        return "".join(block_html(block) for block in blocks)
    shown = "".join(block_html(block, aside=not block.marked) for block in blocks)
    return shown + text_button("whole", words("evidence.whole"))


def _excerpt(
    source: SourceText, document: PolicyDocument, clause: Clause, marks: tuple[Span, ...], words: Words
) -> str:
    """What the clause looks like on its page of a PDF, fetched once the reader opens it."""
    pages = marked_pages(source, clause, marks)
    images = []
    for page in pages:
        alt = words("reader.page.alt", document=in_title_marks(document.title), page=page)
        address = picture_address(clause.clause_id, marks, page=page, excerpt="true")
        images.append(f"<img{attributes(data_src=address, alt=alt)}>")
    name = esc(words("evidence.image", pages="、".join(map(str, pages))))
    return f'<details class="excerpt"><summary>{name}</summary>{"".join(images)}</details>' if images else ""


def _mended(clause: Clause, words: Words) -> str:
    if clause.order_confidence >= 1:
        return ""
    return note(words("evidence.mended", percent=round(clause.order_confidence * 100)))


def _lost_card(given: Json, name: str, words: Words) -> str:
    return f"""
<section class="card"{attributes(data_card=name)} tabindex="-1">
  <header>{seal(name)}
    <div class="card-title"><h3>{esc(given["document"])}</h3></div></header>
  {note(words("evidence.gone"))}
  <blockquote class="clause"><p><mark>{esc(given.get("quote") or "")}</mark></p></blockquote>
</section>"""


def facts(document: PolicyDocument, words: Words, clause: Clause | None = None, found: object = None) -> str:
    """What a reader checks first, as a description list: number, issuer, dates, page. What is unknown is left out.

    ``found`` is how the search came upon the clause, as the browser kept it.
    """
    pages = ", ".join(str(page) for page in clause.pages) if clause else ""
    wide: Iterable[tuple[str, object]] = (
        ("meta.number", document.number),
        ("meta.issuer", "、".join(document.issuers)),
    )
    days: Iterable[tuple[str, object]] = (
        ("meta.issued", document.issued_on),
        ("meta.effective", document.effective_on),
        ("meta.expires", document.expires_on),
    )
    last: Iterable[tuple[str, object]] = (
        ("meta.source", f"{document.source}{' · ' + words('evidence.page', pages=pages) if pages else ''}"),
        ("evidence.found", _found(found, words)),
    )
    items = "".join(
        f"<div{' class=wide' if group is not days else ''}><dt>{esc(words(key))}</dt><dd>{esc(value)}</dd></div>"
        for group in (wide, days, last)
        for key, value in group
        if value
    )
    return f'<dl class="facts">{items}</dl>'


def _found(found: object, words: Words) -> str:
    """The clause's rank, and how near it is to the question by meaning (cosine) and by words (BM25)."""
    if not isinstance(found, Mapping) or not isinstance(found.get("rank"), int):
        return ""
    told = [words("evidence.found.rank", rank=found["rank"])]
    for name, key in (("similarity_cosine", "evidence.found.cosine"), ("score_bm25", "evidence.found.bm25")):
        score = found.get(name)
        if isinstance(score, int | float):
            told.append(words(key, score=f"{score:.2f}"))
    return " · ".join(told)


def crumbs(clause: Clause, words: Words) -> str:
    """The clause's place from the top of the document down, as a list."""
    if not clause.path:
        return ""
    steps = "".join(f"<li>{esc(shorten(step(part), 32))}</li>" for part in clause.path)
    return f'<ol class="crumbs" aria-label="{esc(words("evidence.path"))}">{steps}</ol>'
