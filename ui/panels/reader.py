"""A whole document for reading: outline at the left, text at the right, one clause marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.model import Clause, PolicyDocument, SourceText, Span
from ui.citation import in_title_marks, official_of
from ui.page_image import marked_pages, picture_address
from ui.panels.evidence import facts
from ui.parts import icon_button, note, text_button
from ui.passages import block_html, clause_blocks
from ui.render import attributes, badge, esc, shorten
from ui.validity import shown_status
from ui.words import Words
from ui.workspace import Workspace

_SHORT_HEADING_CHARS = 24
_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class _Opened:
    """What the reader shows: a document, and the clause and characters at which it was opened, if any."""

    document: PolicyDocument
    source: SourceText
    clause: Clause | None = None
    marks: tuple[Span, ...] = ()

    def is_chosen(self, clause: Clause) -> bool:
        return self.clause is not None and clause.clause_id == self.clause.clause_id


def reader_html(workspace: Workspace, clause_id: str, marks: Sequence[Span], words: Words) -> str:
    """The reader opened at a clause, with ``marks`` (offsets into the source) highlighted; or why it can't be."""
    found = workspace.find_clause(clause_id)
    if found is None:
        told = esc(words("reader.unknown", clause=clause_id))
        return _dialog(words("reader.title"), f'<p class="error" role="alert">{told}</p>', words)
    document, clause, source = found
    return _opened_html(_Opened(document, source, clause, tuple(marks)), words)


def document_html(workspace: Workspace, doc_id: str, words: Words) -> str:
    """The reader opened at the top of a document. Raises UnknownDocumentError."""
    document = workspace.document(doc_id)
    return _opened_html(_Opened(document, workspace.source(document.source)), words)


def _opened_html(opened: _Opened, words: Words) -> str:
    document = opened.document
    body = "".join(_clause(opened, clause, words) for clause in document.clauses)
    missing = note(words("reader.missing", labels="、".join(document.missing))) if document.missing else ""
    image = _page_image(opened, words)
    outline = esc(words("reader.outline"))
    inside = f"""
<nav class="reader-outline" aria-label="{outline}"><h3 class="label">{outline}</h3>{_outline(opened, words)}</nav>
<article class="reader-text" tabindex="0" aria-label="{esc(document.title)}">
  <div class="reader-title"><h2>{esc(document.title)}</h2>{badge(shown_status(document), words)}</div>
  {facts(document, words)}{missing}{body}</article>
{image}"""
    return _dialog(document.title, inside, words, _switch(words) if image else "")


def _switch(words: Words) -> str:
    text = text_button("reader-text", words("reader.text"), kind="quiet", aria_pressed="true")
    page = text_button("reader-page", words("reader.page"), kind="quiet", aria_pressed="false")
    return f'<div class="reader-switch" role="group">{text}{page}</div>'


def _dialog(title: str, inside: str, words: Words, switch: str = "") -> str:
    return f"""
<dialog class="reader" data-open aria-label="{esc(title)}">
  <div class="reader-head"><span class="reader-name">{esc(shorten(title, 60))}</span>
    {text_button("outline", words("reader.outline"), kind="quiet outline-button", aria_expanded="false")}{switch}
    {icon_button("close-reader", words("close"), "close")}</div>
  <div class="reader-body">{inside}</div>
</dialog>"""


def _outline(opened: _Opened, words: Words) -> str:
    items = []
    for clause in opened.document.clauses:
        if not clause.path:
            continue
        name = f"{clause.label} {clause.heading}".strip() or clause.path[-1] or words("reader.unnumbered")
        told = attributes(
            href="#" + clause.clause_id,
            data_do="jump",
            data_clause=clause.clause_id,
            aria_current="location" if opened.is_chosen(clause) else None,
        )
        depth = min(len(clause.path), _DEEPEST)
        items.append(f'<li data-depth="{depth}"><a{told}>{esc(shorten(name, 26))}</a></li>')
    return f"<ul>{''.join(items)}</ul>"


def _clause(opened: _Opened, clause: Clause, words: Words) -> str:
    chosen = opened.is_chosen(clause)
    blocks = clause_blocks(opened.source.text, clause, words("turn.table"), opened.marks if chosen else ())
    shown = "".join(block_html(block) for block in blocks)
    cited = official_of(opened.document, clause)
    tools = icon_button("copy", words("evidence.cite"), "quote", data_copy=cited) + icon_button(
        "copy-link", words("reader.link"), "link", data_clause=clause.clause_id
    )
    headed = clause.heading and len(clause.heading) < _SHORT_HEADING_CHARS
    told = attributes(
        class_="reader-clause chosen" if chosen else "reader-clause",
        data_clause=clause.clause_id,
        data_depth=min(len(clause.path), _DEEPEST),
        data_headed="" if headed else None,
        tabindex="-1" if chosen else None,
    )
    return f'<section{told}>{shown}<span class="clause-tools">{tools}</span></section>'


def _page_image(opened: _Opened, words: Words) -> str:
    """The pages of a PDF on which the chosen clause stands, one below the other, the place marked on each."""
    clause = opened.clause
    pages = marked_pages(opened.source, clause, opened.marks) if clause else {}
    if clause is None or not pages:
        return ""
    images = []
    for page in pages:
        alt = words("reader.page.alt", document=in_title_marks(opened.document.title), page=page)
        address = picture_address(clause.clause_id, opened.marks, page=page)
        caption = esc(words("evidence.page", pages=page))
        images.append(f"<img{attributes(data_src=address, alt=alt)}><figcaption>{caption}</figcaption>")
    return f'<figure class="reader-page" hidden>{"".join(images)}</figure>'
