"""Two documents side by side, differences marked."""

from __future__ import annotations

from ingest.model import Clause, PolicyDocument, Span
from ui.citation import place
from ui.parts import text_button
from ui.render import attributes, esc, highlighted, shorten
from ui.versions import Pair, compare, likely_pairs
from ui.words import Words
from ui.workspace import Workspace


def compare_frame(workspace: Workspace, words: Words) -> str:
    """The choice of two documents, with pairs that look like versions of one another a click away."""
    documents = workspace.documents()
    options = "".join(f"<option{attributes(value=d.doc_id)}>{esc(shorten(_named(d), 60))}</option>" for d in documents)
    pairs = likely_pairs(documents)
    chips = "".join(
        "<li>"
        + text_button("compare-pair", _pair_name(a, b), kind="chip", data_left=a.doc_id, data_right=b.doc_id)
        + "</li>"
        for a, b in pairs
    )
    listed = f'<ul class="pairs">{chips}</ul>' if chips else ""
    return f"""
<section class="compare" aria-labelledby="compare-title">
  <h3 id="compare-title">{esc(words("compare.title"))}</h3><p class="hint">{esc(words("compare.lead"))}</p>{listed}
  <form id="compare-form" class="compare-form">
    <label>{esc(words("compare.left"))}<select name="left">{options}</select></label>
    <label>{esc(words("compare.right"))}<select name="right">{options}</select></label>
    <button type="submit" class="primary">{esc(words("compare.go"))}</button></form>
</section>"""


def _named(document: PolicyDocument) -> str:
    return document.title + (f" {document.number}" if document.number else "")


def _pair_name(left: PolicyDocument, right: PolicyDocument) -> str:
    return f"{shorten(left.title, 34)} ⇄ {shorten(right.title, 34)}"


def compare_html(workspace: Workspace, left_id: str, right_id: str, words: Words) -> str:
    """What differs between two documents. Raises UnknownDocumentError."""
    left, right = workspace.store.document(left_id), workspace.store.document(right_id)
    pairs = compare(left, right)
    changes = [pair.change for pair in pairs]
    counts = {change: changes.count(change) for change in ("changed", "added", "removed")}
    rows = "".join(_row(pair, words) for pair in pairs if pair.change != "same")
    same = words("compare.same", n=changes.count("same"))
    return f"""
<div class="compared"><p class="label">{esc(words("compare.summary", **counts))}</p>
<div class="compared-row compared-head"><div>{esc(left.title)}</div><div>{esc(right.title)}</div></div>
{rows}<p class="hint">{esc(same)}</p></div>"""


def _row(pair: Pair, words: Words) -> str:
    left = _side(pair.left, pair.left_spans, "del", words)
    right = _side(pair.right, pair.right_spans, "ins", words)
    return f'<div class="compared-row" data-change="{pair.change}">{left}{right}</div>'


def _side(clause: Clause | None, spans: tuple[Span, ...], tag: str, words: Words) -> str:
    if clause is None:
        return f'<div class="absent">{esc(words("compare.only"))}</div>'
    marked = highlighted(clause.text, 0, spans).replace("<mark>", f"<{tag}>").replace("</mark>", f"</{tag}>")
    return (
        f'<div><span class="sub">{esc(shorten(place(clause.path), 30))}</span>'
        f'<p class="serif">{marked.replace(chr(10), "<br>")}</p></div>'
    )
