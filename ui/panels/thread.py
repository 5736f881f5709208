"""The conversation: questions, answers with their markers, sources, and what can be done with an answer."""

from __future__ import annotations

from itertools import groupby
from secrets import token_hex
from typing import Any

from ui.answer_text import answer_html
from ui.citation import in_title_marks, official, place
from ui.grid import is_row, quoted_grid
from ui.icons import icon
from ui.panels.evidence import citation_cards, seal
from ui.parts import icon_button, text_button
from ui.refusals import without_nearest
from ui.render import attributes, badge, esc, shorten
from ui.suggest import follow_ups
from ui.turns import spans_of
from ui.words import Words
from ui.workspace import Workspace

Json = dict[str, Any]


def pending_html(words: Words) -> str:
    """Where the script shows a question at once, before the service has said anything."""
    label = esc(words("turn.you"))
    return (
        f'<article class="pending" id="pending" aria-busy="true" hidden><h2 class="asked">'
        f'<span class="hidden-label">{label}: </span><span id="pending-question"></span></h2>'
        f'<p class="searching">{esc(words("ask.searching"))}</p></article>'
    )


def running_html(question: str, words: Words, text: str = "") -> str:
    """The turn that is being answered: the question at once, then whatever of the answer there is."""
    body = answer_html(text, (), words) if text else f'<p class="searching">{esc(words("ask.searching"))}</p>'
    return (
        f'<article class="turn running" aria-busy="true">{_asked(question, words)}'
        f'<div class="answer">{body}</div></article>'
    )


def failed_html(question: str, why: str, words: Words) -> str:
    """The turn of a question that could not be answered, with the reason and a way to ask again."""
    return (
        f'<article class="turn failed"{attributes(data_turn=token_hex(4), data_question=question)}>'
        f"{_asked(question, words)}"
        f'<p class="error" role="alert">{esc(why)}</p>'
        f'<div class="actions">{_again(words)}</div></article>'
    )


def turn_html(workspace: Workspace, turn: Json, words: Words, *, last: bool = False) -> str:
    """One finished turn; its evidence cards lie in a ``<template>`` until a marker is opened."""
    if turn["kind"] == "stopped":
        return _stopped_html(turn, words)
    told = attributes(data_turn=turn["id"], data_kind=turn["kind"], data_question=turn["question"])
    return f"""
<article class="turn"{told}>
  {_asked(turn["question"], words)}{_understood(turn, words)}
  <div class="answer">{_verdict(turn, words)}{_answer(workspace, turn, words)}</div>
  {_notices(turn)}{_sources(workspace, turn, words)}{_actions(turn, words)}
  {_follow(workspace, turn, words) if last else ""}
  <template class="turn-cards">{citation_cards(workspace, turn, words)}</template>
</article>"""


def _answer(workspace: Workspace, turn: Json, words: Words) -> str:
    tables = {}
    for one in turn["citations"]:
        found = workspace.find_clause(one["clause_id"]) if is_row(one["quote"]) else None
        if found is not None:
            _, clause, source = found
            tables[one["marker"]] = quoted_grid(source.text, clause, spans_of(one), words("turn.table"))
    text = turn["answer"] if turn["citations"] else without_nearest(turn["answer"])
    return answer_html(text, turn["citations"], words, tables)


def _stopped_html(turn: Json, words: Words) -> str:
    told = attributes(data_turn=turn["id"], data_question=turn["question"])
    return (
        f'<article class="turn"{told}>{_asked(turn["question"], words)}'
        f'<div class="answer"><p class="searching">{esc(words("ask.stopped"))}</p></div>'
        f'<div class="actions">{_again(words)}</div></article>'
    )


def _again(words: Words) -> str:
    return icon_button("retry", words("turn.retry"), "retry") + icon_button("edit", words("turn.edit"), "edit")


def _asked(question: str, words: Words) -> str:
    lines = "<br>".join(esc(line) for line in question.strip().split("\n"))
    return f'<h2 class="asked"><span class="hidden-label">{esc(words("turn.you"))}: </span>{lines}</h2>'


def _understood(turn: Json, words: Words) -> str:
    standalone = turn["standalone_question"].strip()
    if not standalone or standalone == turn["question"].strip():
        return ""
    return f'<p class="understood">{esc(words("turn.understood", question=standalone))}</p>'


def _verdict(turn: Json, words: Words) -> str:
    return f'<p class="refusal-tag">{esc(words("turn.refusal"))}</p>' if turn["kind"] == "refusal" else ""


def _notices(turn: Json) -> str:
    items = "".join(f"<li>{icon('warn')}<span>{esc(notice)}</span></li>" for notice in turn["notices"])
    return f'<ul class="notices">{items}</ul>' if items else ""


def _sources(workspace: Workspace, turn: Json, words: Words) -> str:
    """The numbered sources; for a refusal the nearest clauses, without numbers since nothing is cited."""
    listed = [(str(one["marker"]), one) for one in turn["citations"]]
    heading = "turn.sources"
    if not listed:
        listed = [(f"n{i}", one) for i, one in enumerate(turn["nearest"], 1)]
        heading = "turn.nearest"
    items = "".join(f"<li>{_source(name, one, workspace.status_of(one['doc_id']), words)}</li>" for name, one in listed)
    return f'<h3 class="label">{esc(words(heading))}</h3><ol class="sources">{items}</ol>' if items else ""


def _source(name: str, one: Json, status: str | None, words: Words) -> str:
    where = shorten(place(one["path"]), 24)
    return (
        f'<button type="button" class="source"{attributes(data_cite=name)}>{seal(name, " small")}'
        f'<span class="source-title">{esc(in_title_marks(one["document"]))}</span>'
        f'<span class="source-place">{esc(where)}</span>{badge(status, words) if status else ""}</button>'
    )


def _actions(turn: Json, words: Words) -> str:
    citations = "\n".join(
        dict.fromkeys(official(one["document"], one.get("number"), one["path"]) for one in turn["citations"])
    )
    pressed = {name: str(turn.get("verdict") == name).lower() for name in ("up", "down")}
    buttons = [
        icon_button("copy", words("turn.copy"), "copy", data_copy=_plain(turn, citations)),
        icon_button("copy", words("turn.cite"), "quote", data_copy=citations) if citations else "",
        _again(words),
        icon_button("up", words("turn.up"), "up", aria_pressed=pressed["up"]),
        icon_button("down", words("turn.down"), "down", aria_pressed=pressed["down"]),
    ]
    took = words("turn.took", ms=round(turn["took_ms"])) if turn.get("took_ms") else ""
    sure = turn.get("confidence")
    if turn["kind"] == "answer" and isinstance(sure, int | float):
        took = words("turn.sure", percent=round(sure * 100)) + (" · " + took if took else "")
    label = esc(words("turn.actions"))
    told = f'<span class="took">{esc(took)}</span>'
    return f'<div class="actions" role="group" aria-label="{label}">{"".join(buttons)}{told}</div>'


def _plain(turn: Json, citations: str) -> str:
    """An answer for pasting into a memo: the words with their markers, then the numbered citations."""
    numbered = [
        f"[{one['marker']}] {official(one['document'], one.get('number'), one['path'])}" for one in turn["citations"]
    ]
    return str(turn["answer"]) + ("\n\n" + "\n".join(numbered) if citations else "")


def _follow(workspace: Workspace, turn: Json, words: Words) -> str:
    """Headings near what was cited, under the title of their document; each asks its question in full."""
    groups = []
    for title, found in groupby(follow_ups(workspace, turn, words), lambda one: one.title):
        buttons = [
            text_button("suggest", one.heading, kind="chip", data_question=one.question, title=one.question)
            for one in found
        ]
        chips = "".join(f"<li>{button}</li>" for button in buttons)
        name = esc(words("ask.follow", document=in_title_marks(shorten(title, 30))))
        groups.append(f'<h3 class="label">{name}</h3><ul>{chips}</ul>')
    return f'<div class="follow">{"".join(groups)}</div>' if groups else ""
