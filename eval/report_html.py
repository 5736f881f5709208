"""A run as one HTML file that needs nothing else: figures, plots, slices, and every question's trace."""

from __future__ import annotations

from html import escape
from pathlib import Path

from eval.metrics.hit import hit_at
from eval.outcome import RETRIEVED_SHOWN, Outcome, Run
from eval.report_plots import bar_plot, calibration_plot, depth_plot, interval_plot
from eval.report_style import SCRIPT, STYLE
from eval.report_trace import trace_html
from eval.report_words import MEASURES, SLICES, TYPES, WHY, WORDS, both
from eval.summary import Slice, Summary, summarize

_CARDS = (
    "right",
    "hit1",
    "hit5",
    "hit10",
    "first_citation",
    "citation_precision",
    "citation_recall",
    "facts",
    "complete",
    "literal",
    "numbers",
)
_SLICE_COLUMNS = ("right", "hit1", "hit5", "hit10", "first_citation", "citation_precision", "citation_recall", "facts")


def write_report(path: Path, run: Run) -> None:
    """Writes the report of a run."""
    path.write_text(report_html(run), encoding="utf-8")


def report_html(run: Run) -> str:
    """The report as an HTML document that loads nothing from anywhere."""
    summary = summarize(run.outcomes)
    body = "".join(
        (
            _header(run, summary),
            _cards(summary),
            _measures(summary),
            _why(summary),
            _depth_and_calibration(run, summary),
            "".join(_slices(by, summary.slices_by(by)) for by in ("type", "half", "lang", "document")),
            _latency(summary),
            _problems(run),
            _traces(run),
        )
    )
    title = f"{WORDS['title'][0]} · {run.set_name}"
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{STYLE}</style></head>'
        f"<body><main>{body}</main><script>{SCRIPT}</script></body></html>\n"
    )


def _heading(key: str, words: dict[str, tuple[str, str]] = WORDS, level: int = 2) -> str:
    chinese, english = words[key]
    return f'<h{level}>{escape(chinese)}<span class="en">{escape(english)}</span></h{level}>'


def _header(run: Run, summary: Summary) -> str:
    store = f"{run.store.get('documents', '?')} / {run.store.get('clauses', '?')}"
    facts = {
        "set": run.set_name,
        "questions": str(summary.count),
        "system": run.system,
        "store": store,
        "encoder": str(run.store.get("encoder", "?")),
        "started": run.started_at,
        "took": f"{run.seconds:.1f} s",
    }
    if summary.worst is not None:
        worst = summary.worst
        facts["worst"] = f"{_value_name(worst)} {worst.measures['right'].mean:.2f} (n={worst.count})"
    items = "".join(f"<div><dt>{escape(both(k))}</dt><dd>{escape(v)}</dd></div>" for k, v in facts.items())
    chinese, english = WORDS["title"]
    return f'<h1>{chinese}<span class="en">{english}</span></h1><dl class="facts">{items}</dl>'


def _cards(summary: Summary) -> str:
    cards = [_card(both(n, MEASURES), f"{summary.measures[n].mean:.3f}") for n in _CARDS if n in summary.measures]
    r = summary.refusals
    if r.right + r.missed:
        cards.append(_card(both("refused", MEASURES), f"{r.right}/{r.right + r.missed}"))
    if r.false + r.answered:
        cards.append(_card(both("false_refusal", MEASURES), f"{r.false}/{r.false + r.answered}"))
    wall = [stage for stage in summary.latency if stage.stage == "wall"]
    cards += [_card("p50 / p95 ms", f"{stage.p50_ms:.0f} / {stage.p95_ms:.0f}") for stage in wall]
    return f'<div class="cards">{"".join(cards)}</div>'


def _card(label: str, value: str) -> str:
    return f'<div class="card"><b>{escape(value)}</b><span class="faint">{escape(label)}</span></div>'


def _measures(summary: Summary) -> str:
    rows = [(both(n, MEASURES), i) for n, i in summary.measures.items() if n != "crag"]
    plot = interval_plot(rows, both("measures"))
    crag = summary.measures.get("crag")
    extra = interval_plot([(both("crag", MEASURES), crag)], both("crag", MEASURES), low=-1.0) if crag else ""
    note = f'<p class="faint">{escape(WORDS["reading"][0])} {escape(WORDS["reading"][1])}</p>'
    return f'{_heading("measures")}<div class="panel">{plot}{extra}{note}</div>'


def _why(summary: Summary) -> str:
    if not summary.why:
        return ""
    ordered = sorted(summary.why.items(), key=lambda item: -item[1])
    plot = bar_plot([(both(code, WHY), float(count)) for code, count in ordered], both("why"))
    return f'{_heading("why")}<div class="panel">{plot}</div>'


def _depth_and_calibration(run: Run, summary: Summary) -> str:
    judged = [o for o in run.outcomes if o.expected]
    depth = calibration = ""
    if judged:
        shares = [sum(_hit(o, k) for o in judged) / len(judged) for k in range(1, RETRIEVED_SHOWN + 1)]
        depth = f'<div class="panel">{_heading("depth", level=3)}{depth_plot(shares, both("depth"))}</div>'
    if summary.calibration:
        plot = calibration_plot(summary.calibration, both("calibration"), both("confidence"), both("accuracy"))
        error = f'<p class="faint">ECE {summary.ece:.3f}</p>'
        calibration = f'<div class="panel">{_heading("calibration", level=3)}{plot}{error}</div>'
    return f'<div class="pair">{depth}{calibration}</div>'


def _hit(outcome: Outcome, k: int) -> float:
    return hit_at([frozenset(shown.touches) for shown in outcome.retrieved], len(outcome.expected), k)


def _latency(summary: Summary) -> str:
    rows = "".join(
        f"<tr><td>{escape(s.stage)}</td><td>{s.p50_ms:.1f}</td><td>{s.p95_ms:.1f}</td></tr>" for s in summary.latency
    )
    table = f"<table><tr><th>{escape(both('stage'))}</th><th>p50</th><th>p95</th></tr>{rows}</table>"
    return f'{_heading("latency")}<div class="panel">{table}</div>'


def _slices(by: str, slices: tuple[Slice, ...]) -> str:
    if not slices:
        return ""
    head = "".join(f"<th>{escape(MEASURES[c][0])}</th>" for c in _SLICE_COLUMNS)
    rows = []
    for part in slices:
        cells = "".join(
            f'<td title="{part.measures[c].low:.2f} – {part.measures[c].high:.2f}">{part.measures[c].mean:.2f}</td>'
            if c in part.measures
            else "<td>–</td>"
            for c in _SLICE_COLUMNS
        )
        rows.append(f"<tr><td>{escape(_value_name(part))}</td><td>{part.count}</td>{cells}</tr>")
    plot = interval_plot([(_value_name(s), s.measures["right"]) for s in slices], both(by, SLICES))
    count = escape(both("count"))
    table = f"<table><tr><th></th><th>{count}</th>{head}</tr>{''.join(rows)}</table>"
    return f'{_heading(by, SLICES)}<div class="panel">{plot if len(slices) > 1 else ""}{table}</div>'


def _value_name(part: Slice) -> str:
    return f"{TYPES[part.value]} {part.value}" if part.by == "type" and part.value in TYPES else part.value


def _problems(run: Run) -> str:
    if not run.problems:
        return ""
    items = "".join(f"<li>{escape(problem)}</li>" for problem in run.problems)
    return f"{_heading('problems')}<ul>{items}</ul>"


def _traces(run: Run) -> str:
    controls = (
        f'<div class="controls"><input type="search" id="words" placeholder="{escape(both("filter"), quote=True)}" '
        f'aria-label="{escape(both("filter"), quote=True)}"><label><input type="checkbox" id="only"> '
        f'{escape(both("wrong"))}</label><span class="faint"><span id="shown">{len(run.outcomes)}</span> '
        f"{escape(both('questions'))}</span></div>"
    )
    return f"{_heading('traces')}{controls}{''.join(trace_html(o) for o in run.outcomes)}"
