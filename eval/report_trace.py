"""One question in the HTML report: what was asked, expected, found, cited and said, and why it failed."""

from __future__ import annotations

from html import escape

from eval.outcome import Expected, Outcome, Shown
from eval.report_words import TYPES, WHY, both

_TEXT = 160


def trace_html(outcome: Outcome) -> str:
    """The question as a ``<details>`` element; its class says right, partly (right, but with a flaw) or wrong."""
    state = "right" if not outcome.why and outcome.right else ("partly" if outcome.right else "wrong")
    words = " ".join(
        (outcome.id, outcome.question, outcome.type, outcome.lang, *outcome.documents, *outcome.why)
    ).lower()
    return (
        f'<details class="q {state}" data-words="{escape(words, quote=True)}">'
        f"<summary>{_mark(outcome.right)} <b>{escape(outcome.question)}</b> "
        f'<span class="tags">{escape(outcome.id)} · {escape(TYPES.get(outcome.type, ""))} {escape(outcome.type)}</span>'
        f"{_why(outcome)}</summary>{_body(outcome)}</details>"
    )


def _body(outcome: Outcome) -> str:
    parts = []
    if outcome.history:
        parts.append(f"<h3>{_head('history')}</h3>" + "".join(f"<div>{escape(t)}</div>" for t in outcome.history))
    if outcome.standalone_question not in ("", outcome.question):
        parts.append(f"<h3>{_head('standalone')}</h3><div>{escape(outcome.standalone_question)}</div>")
    kind = "refusal" if outcome.kind == "refusal" else "reply"
    reason = f' <span class="tags">{escape(outcome.reason)}</span>' if outcome.reason else ""
    parts.append(f"<h3>{_head(kind)}{reason}</h3><blockquote>{escape(outcome.reply)}</blockquote>")
    if outcome.facts:
        facts = " ".join(f'<span class="fact">{_mark(f.shown)} {escape(f.fact)}</span>' for f in outcome.facts)
        parts.append(f"<h3>{_head('facts')}</h3><div>{facts}</div>")
    if outcome.expected:
        parts.append(f"<h3>{_head('expected')}</h3>" + "".join(_expected(e) for e in outcome.expected))
    else:
        parts.append(f"<h3>{_head('expected')}</h3><div>{both('unanswerable')}</div>")
    if outcome.cited:
        parts.append(f'<h3>{_head("cited")}</h3><ol class="hits">{"".join(_shown(s) for s in outcome.cited)}</ol>')
    if outcome.retrieved:
        hits = "".join(_shown(s) for s in outcome.retrieved)
        parts.append(f'<h3>{_head("retrieved")}</h3><ol class="hits">{hits}</ol>')
    figures = ", ".join(f"{name} {value:.3g}" for name, value in outcome.measures.items())
    times = ", ".join(f"{stage} {ms:.1f}" for stage, ms in outcome.timings_ms.items())
    parts.append(f'<p class="tags">{escape(figures)}<br>ms: {escape(times)}</p>')
    return "".join(parts)


def _why(outcome: Outcome) -> str:
    if not outcome.why:
        return ""
    return f'<div class="why">{escape("; ".join(both(code, WHY) for code in outcome.why))}</div>'


def _expected(entry: Expected) -> str:
    rank = f"{both('rank')} {entry.rank}" if entry.rank is not None else both("not_found")
    cited = both("is_cited") if entry.cited else both("not_cited")
    problem = f'<div class="why">{escape(entry.problem)}</div>' if entry.problem else ""
    return (
        f"<div>{_mark(entry.cited)} {escape(entry.place)} "
        f'<span class="tags">{rank} · {cited}</span></div>{problem}<blockquote>{escape(entry.text)}</blockquote>'
    )


def _shown(shown: Shown) -> str:
    place = " › ".join((shown.document, *shown.path))
    flaw = f' <span class="no">{both("not_literal")}</span>' if shown.literal is False else ""
    mark = f"{_mark(found=True)} " if shown.touches else ""
    text = " ".join(shown.text.split())
    text = text if len(text) <= _TEXT else text[:_TEXT] + "…"
    style = "touch" if shown.touches else ""
    return (
        f'<li value="{shown.place}">{mark}<span class="{style}">{escape(place)}</span>{flaw}'
        f'<div class="text">{escape(text)}</div></li>'
    )


def _mark(found: bool) -> str:
    return '<span class="yes">✓</span>' if found else '<span class="no">✗</span>'


def _head(key: str) -> str:
    return escape(both(key))
