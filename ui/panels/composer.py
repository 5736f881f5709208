"""Where a question is written, and what it may be limited to."""

from __future__ import annotations

from ui.icons import icon
from ui.parts import icon_button, text_button
from ui.render import attributes, esc, kind_name, shorten
from ui.suggest import examples
from ui.words import Words
from ui.workspace import Workspace


def welcome(workspace: Workspace, words: Words) -> str:
    """What stands above the first question: what the library holds, and questions that it can answer."""
    stats = workspace.store.stats
    if not stats.documents:
        return f'<div class="welcome"><h2>{esc(words("ask.title"))}</h2><p>{esc(words("ask.empty"))}</p></div>'
    lead = words("ask.lead", documents=stats.documents, clauses=stats.clauses)
    items = "".join(
        f"<li>{text_button('suggest', one, kind='example', data_question=one)}</li>"
        for one in examples(workspace, words)
    )
    listed = f'<h3 class="label">{esc(words("ask.examples"))}</h3><ul class="examples">{items}</ul>' if items else ""
    return f'<div class="welcome"><h2>{esc(words("ask.title"))}</h2><p>{esc(lead)}</p>{listed}</div>'


def composer(workspace: Workspace, words: Words) -> str:
    """The question box with its buttons. The limits and messages ride along for the script."""
    limit = workspace.settings.question_limit_chars
    told = attributes(
        data_limit=limit,
        data_blank=words("ask.blank"),
        data_editing=words("ask.editing"),
        data_too_long=words("ask.too_long", chars="{chars}", limit="{limit}"),
    )
    return f"""
<form class="composer" id="composer"{told}>
  <label for="question" class="hidden-label">{esc(words("ask.question"))}</label>
  <textarea id="question" rows="1" autocomplete="off" spellcheck="false" aria-describedby="question-said"
    placeholder="{esc(words("ask.placeholder"))}"></textarea>
  <div class="composer-row">
    <button type="button" class="quiet" data-do="filters" aria-expanded="false" aria-controls="filters">
      {icon("filter")}<span id="filter-said" data-all="{esc(words("filter.all"))}"
      data-some="{esc(words("filter.some", n="{n}"))}">{esc(words("filter.all"))}</span></button>
    {text_button("new", words("ask.new"), "new", "quiet")}
    <span class="composer-hint" id="question-said" aria-live="polite">{esc(words("ask.hint"))}</span>
    {text_button("stop", words("ask.stop"), "stop", "quiet stop", hidden=True)}
    <button type="submit" class="primary send" aria-label="{esc(words("ask.send"))}">
      <span>{esc(words("ask.send"))}</span>{icon("send")}</button>
  </div>
</form>"""


def filter_panel(workspace: Workspace, words: Words) -> str:
    """What a question may be limited to: the values that the documents really have, with how many have each."""
    groups = [
        _group("issuers", words("meta.issuer"), [(f.value, f.value, f.count) for f in workspace.facets("issuers")]),
        _group("regions", words("meta.region"), [(f.value, f.value, f.count) for f in workspace.facets("region")]),
        _group(
            "kinds",
            words("meta.kind"),
            [(f.value, kind_name(f.value, words), f.count) for f in workspace.facets("kind")],
        ),
    ]
    listed = "".join(_document_box(d.doc_id, d.title, d.number) for d in workspace.documents())
    return f"""
<section class="filters" id="filters" aria-labelledby="filters-title" hidden>
  <div class="filters-head"><h2 id="filters-title">{esc(words("filter.title"))}</h2>
    {text_button("clear-filters", words("filter.clear"), kind="quiet")}
    {icon_button("filters", words("close"), "close")}</div>
  <div class="filter-days">
    <label>{esc(words("filter.as_of"))} <input type="date" data-filter="as_of"></label>
    <label class="check"><input type="checkbox" data-filter="in_force"> {esc(words("filter.in_force"))}</label>
  </div>
  <div class="filter-groups">
    <fieldset class="filter-documents"><legend>{esc(words("filter.documents"))}</legend>
      <input type="search" data-do-input="find-document" placeholder="{esc(words("filter.find"))}"
        aria-label="{esc(words("filter.find"))}"><div class="checks" tabindex="0" role="group"
        aria-label="{esc(words("filter.documents"))}">{listed}</div></fieldset>
    {"".join(groups)}
  </div>
</section>"""


def _group(name: str, legend: str, values: list[tuple[str, str, int]]) -> str:
    if not values:
        return ""
    boxes = "".join(
        f'<label class="check"><input type="checkbox"{attributes(data_filter=name, value=value)}>'
        f'<span>{esc(shown)}</span><span class="count">{count}</span></label>'
        for value, shown, count in values
    )
    return (
        f'<fieldset><legend>{esc(legend)}</legend><div class="checks" tabindex="0" role="group" '
        f'aria-label="{esc(legend)}">{boxes}</div></fieldset>'
    )


def _document_box(doc_id: str, title: str, number: str | None) -> str:
    find = f"{title} {number or ''}".lower()
    return (
        f'<label class="check"{attributes(data_find=find, title=title)}>'
        f'<input type="checkbox"{attributes(data_filter="documents", value=doc_id)}>'
        f"<span>{esc(shorten(title, 46))}</span></label>"
    )
