"""The library: what it holds, files going in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ingest.model import PolicyDocument
from ui.icons import icon
from ui.parts import icon_button, text_button
from ui.render import attributes, badge, esc, kind_name, size_name
from ui.validity import shown_status
from ui.words import Words
from ui.workspace import Workspace

if TYPE_CHECKING:
    from index.types import StoredFile

MOST_ROWS: Final = 200
_ACCEPTED: Final = ".txt,.md,.markdown,.html,.htm,.docx,.doc,.pdf,.xlsx,.csv,.ofd,.png,.jpg,.jpeg,.tif,.tiff"
_DOCUMENT_HEADS: Final = (
    "library.columns.title",
    "meta.issuer",
    "meta.issued",
    "meta.kind",
    "meta.status",
    "library.columns.actions",
)
_STATUSES: Final = (
    "in_force",
    "trial",
    "amended",
    "not_yet",
    "draft",
    "expired",
    "repealed",
    "superseded",
    "unknown",
)


def library_frame(workspace: Workspace, words: Words) -> str:
    """The head of the library with its drop zone and filters; what files do there is the script's."""
    limit = workspace.settings.upload_limit_mb
    said = attributes(
        data_limit_mb=limit,
        data_too_big=words("library.too_big", name="{name}", size="{size}", mb=limit),
        data_uploading=words("library.uploading"),
        data_reading=words("library.reading"),
        data_done=words("library.done", documents="{documents}", clauses="{clauses}"),
        data_unchanged=words("library.unchanged"),
        data_failed=words("failed", why="{why}"),
        data_lost=words("library.lost"),
    )
    statuses = "".join(f'<option value="{name}">{esc(words("status." + name))}</option>' for name in _STATUSES)
    return f"""
<div class="view-head"><h2>{esc(words("library.title"))}</h2><p>{esc(words("library.lead"))}</p></div>
<div class="drop" id="drop"{said}>
  {icon("upload")}<p>{esc(words("library.drop"))}<label class="link">{esc(words("library.choose"))}
    <input type="file" id="files" multiple accept="{_ACCEPTED}"></label></p>
  <p class="hint">{esc(words("library.limit", mb=limit))}</p>
</div>
<ul class="uploads" id="uploads" aria-live="polite"></ul>
<input type="file" id="replacement" class="hidden-label" tabindex="-1" aria-hidden="true" accept="{_ACCEPTED}">
<form class="library-filter" id="library-filter" role="search">
  <input type="search" name="query" placeholder="{esc(words("library.search"))}"
    aria-label="{esc(words("library.search"))}">
  <select name="kind" aria-label="{esc(words("meta.kind"))}"><option value="">{esc(words("meta.kind"))}</option>
    {_kind_options(workspace, words)}</select>
  <select name="status" aria-label="{esc(words("meta.status"))}"><option value="">{esc(words("meta.status"))}</option>
    {statuses}</select>
</form>
<dialog id="confirm" class="small-dialog" aria-labelledby="confirm-title"><h2 id="confirm-title"></h2><p></p>
  <div class="row-end">{text_button("close-confirm", words("cancel"), kind="quiet")}
  {text_button("confirm", words("library.remove"), kind="primary")}</div></dialog>"""


def _kind_options(workspace: Workspace, words: Words) -> str:
    kinds = workspace.facets("kind")
    return "".join(f"<option{attributes(value=f.value)}>{esc(kind_name(f.value, words))}</option>" for f in kinds)


def library_html(workspace: Workspace, wanted: Mapping[str, Any], words: Words) -> str:
    """The documents that match ``wanted`` (query, kind, status) and the files that they came from."""
    found = [document for document in workspace.documents() if _matches(document, wanted)]
    rows = "".join(_document_row(document, words) for document in found[:MOST_ROWS])
    count = words("library.count", n=len(found))
    if len(found) > MOST_ROWS:
        count = words("library.first", n=len(found), shown=MOST_ROWS)
    nothing = f'<p class="hint">{esc(words("library.empty"))}</p>'
    table = _table(_DOCUMENT_HEADS, rows, words, "documents") if rows else nothing
    return f'<p class="label count">{esc(count)}</p>{table}{_files(workspace, words)}'


def _matches(document: PolicyDocument, wanted: Mapping[str, Any]) -> bool:
    query = "".join(str(wanted.get("query") or "").lower().split())
    named = " ".join(
        (
            document.title,
            document.number or "",
            *document.issuers,
            *document.aliases,
            document.source,
            document.region or "",
        )
    )
    return (
        query in "".join(named.lower().split())
        and wanted.get("kind") in (None, "", str(document.kind))
        and wanted.get("status") in (None, "", shown_status(document))
    )


def _table(heads: Sequence[str], rows: str, words: Words, name: str) -> str:
    columns = "".join(f'<th scope="col">{esc(words(head))}</th>' for head in heads)
    return (
        f'<div class="table-wrap" tabindex="0" role="region" aria-label="{esc(words("library.title"))}">'
        f'<table class="{name}"><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _document_row(document: PolicyDocument, words: Words) -> str:
    number = f'<span class="sub">{esc(document.number)}</span>' if document.number else ""
    warned = ""
    if document.warnings:
        lines = "".join(f"<li>{esc(words.side(warning))}</li>" for warning in document.warnings)
        label = esc(words("library.warnings", n=len(document.warnings)))
        warned = f"<details class=warned><summary>{icon('warn')}{label}</summary><ul>{lines}</ul></details>"
    title = text_button("read", document.title, kind="row-title", data_document=document.doc_id)
    actions = icon_button("read", words("library.read"), "read", data_document=document.doc_id) + icon_button(
        "remove",
        words("library.remove"),
        "trash",
        data_target=document.doc_id,
        data_ask=words("library.remove.ask", name=document.title),
        data_detail=words("library.remove.one"),
    )
    day = document.issued_on or document.effective_on or ""
    cells = [
        ("", f"{title}{number}{warned}"),
        (words("meta.issuer"), esc("、".join(document.issuers))),
        (words("meta.issued"), f'<span class="day">{esc(day)}</span>'),
        (words("meta.kind"), esc(kind_name(str(document.kind), words))),
        (words("meta.status"), badge(shown_status(document), words)),
        ("", f'<span class="row-actions">{actions}</span>'),
    ]
    return "<tr>" + "".join(f"<td{attributes(data_name=name)}>{cell}</td>" for name, cell in cells) + "</tr>"


def _files(workspace: Workspace, words: Words) -> str:
    files = workspace.store.files()
    if not files:
        return ""
    titles = {document.doc_id: document.title for document in workspace.documents()}
    rows = "".join(_file_row(file, titles, words) for file in files[:MOST_ROWS])
    heads = ("meta.source", "library.columns.size", "library.columns.read_at", "library.columns.actions")
    return (
        f'<details class="files"><summary><h3>{esc(words("library.files"))} · {len(files)}</h3></summary>'
        f"{_table(heads, rows, words, 'stored-files')}</details>"
    )


def _file_row(file: StoredFile, titles: Mapping[str, str], words: Words) -> str:
    inside = "、".join(titles.get(doc_id, doc_id) for doc_id in file.doc_ids)
    warnings = "".join(f"<li>{esc(words.side(warning))}</li>" for warning in file.warnings)
    warned = f"<ul class=warned>{warnings}</ul>" if warnings else ""
    actions = (
        icon_button("replace", words("library.replace"), "swap", data_name=file.name)
        + icon_button("reread", words("library.reingest"), "retry", data_name=file.name)
        + icon_button(
            "remove",
            words("library.remove"),
            "trash",
            data_target=file.name,
            data_ask=words("library.remove.ask", name=file.name),
            data_detail=words("library.remove.detail", titles=inside),
        )
    )
    count = esc(words("library.count", n=len(file.doc_ids)))
    return (
        f'<tr><td>{esc(file.name)}<span class="sub">{count}</span>{warned}</td>'
        f"<td{attributes(data_name=words('library.columns.size'))}>{size_name(file.size_bytes)}</td>"
        f"<td{attributes(data_name=words('library.columns.read_at'))}>"
        f'<span class="day">{esc(file.ingested_at.strftime("%Y-%m-%d %H:%M"))}</span></td>'
        f'<td><span class="row-actions">{actions}</span></td></tr>'
    )
