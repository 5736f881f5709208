"""A question set run from the page: figures, plots, what failed and why, and what changed since the last run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ui.charts import bars, risk_coverage
from ui.evaluation import Progress, QuestionSet, Result
from ui.parts import text_button
from ui.render import attributes, esc
from ui.words import Words

HEADLINES: Final = ("right", "hit1", "hit5", "hit10", "citation_precision", "citation_recall", "facts", "false_refusal")
_LESS_IS_BETTER: Final = frozenset(("false_refusal",))
_MOST_FAILED: Final = 60
_NOTICEABLE: Final = 0.0005


def evaluation_frame(offered: Sequence[QuestionSet] | None, words: Words) -> str:
    """The choice of a question set and the button that runs it; None where nothing can run one."""
    head = f'<div class="view-head"><h2>{esc(words("eval.title"))}</h2><p>{esc(words("eval.lead"))}</p></div>'
    if offered is None:
        return head + f'<p class="hint">{esc(words("eval.absent"))}</p>'
    options = "".join(f"<option{attributes(value=one.name)}>{esc(_offer(one, words))}</option>" for one in offered)
    return f"""{head}<form id="evaluation-form" class="library-filter">
  <label>{esc(words("eval.set"))} <select name="set">{options}</select></label>
  <button type="submit" class="primary">{esc(words("eval.run"))}</button></form>"""


def _offer(one: QuestionSet, words: Words) -> str:
    """A set's name and size, and how many of its documents the library lacks."""
    told = words("eval.set.size", name=one.name, n=one.questions)
    lacking = one.documents - one.held
    return told + (words("eval.set.lacking", n=lacking) if lacking else "")


def progress_html(progress: Progress, words: Words) -> str:
    """How far the run is."""
    total = progress.total or 0
    told = words("eval.progress", done=progress.done, total=total or "?")
    bar = attributes(max=total or None, value=progress.done if total else None, aria_label=told)
    return f'<div class="running-eval" role="status"><p>{esc(told)}</p><progress{bar}></progress></div>'


def result_html(result: Result, earlier: Mapping[str, Any] | None, words: Words) -> str:
    """Everything that is worth reading about a run."""
    outcomes = result.run.outcomes
    seconds = f"{result.run.seconds:.1f}"
    told = words("eval.ran", n=len(outcomes), seconds=seconds)
    return f"""<div class="eval-result"><p class="label">{esc(told)}</p>
{_figures(result, earlier, words)}{_changes(result, earlier, words)}
<div class="eval-plots">{_by_type(result, words)}{_risk(outcomes, words)}{_latency(result, words)}</div>
{_failed(result.failed, words)}</div>"""


def _figures(result: Result, earlier: Mapping[str, Any] | None, words: Words) -> str:
    before = earlier.get("means", {}) if earlier else {}
    cells = []
    for name in HEADLINES:
        figure = result.summary.measures.get(name)
        if figure is None:
            continue
        moved = _moved(name, figure.mean, before.get(name), words)
        interval = f"{figure.low:.0%}–{figure.high:.0%} · n={figure.count}"
        cells.append(
            f"<div><dt>{esc(words('measure.' + name))}</dt><dd>{figure.mean:.1%}{moved}</dd>"
            f'<dd class="sub">{esc(interval)}</dd></div>'
        )
    return f'<dl class="figures">{"".join(cells)}</dl>'


def _moved(name: str, now: float, before: object, words: Words) -> str:
    if not isinstance(before, int | float) or abs(now - before) < _NOTICEABLE:
        return ""
    better = (now > before) != (name in _LESS_IS_BETTER)
    told = words("eval.better" if better else "eval.worse")
    return f' <span class="moved" data-better="{str(better).lower()}" title="{esc(told)}">{now - before:+.1%}</span>'


def _changes(result: Result, earlier: Mapping[str, Any] | None, words: Words) -> str:
    """Which questions went from wrong to right and back since the last run."""
    if not earlier:
        return f'<p class="hint">{esc(words("eval.first"))}</p>'
    before = earlier.get("right", {})
    mended = [o for o in result.run.outcomes if o.right and before.get(o.id) is False]
    broken = [o for o in result.run.outcomes if not o.right and before.get(o.id) is True]
    told = words("eval.changes", at=str(earlier.get("started_at", ""))[:16], mended=len(mended), broken=len(broken))
    listed = "".join(f"<li>{esc(o.question)}</li>" for o in broken)
    names = f"<ul class=warned>{listed}</ul>" if listed else ""
    return f'<div class="eval-part"><p>{esc(told)}</p>{names}</div>'


def _by_type(result: Result, words: Words) -> str:
    rows = []
    for part in result.by_type:
        figure = part.measures["right"]
        rows.append((_named("type", part.value, words), figure.mean, f"{figure.mean:.0%}  n={part.count}"))
    return _plot("eval.by_type", bars(rows, words("eval.by_type")), words)


def _named(group: str, value: str, words: Words) -> str:
    """A type or stage in the reader's language; one that this page does not know as it is."""
    try:
        return words(f"{group}.{value}")
    except KeyError:
        return value


def _risk(outcomes: Sequence[Any], words: Words) -> str:
    """Answers only, surest first: at each share of questions answered, how many of those answers are wrong."""
    answered = sorted((o for o in outcomes if o.kind == "answer"), key=lambda o: -o.confidence)
    points = []
    wrong = 0
    for position, outcome in enumerate(answered, 1):
        wrong += not outcome.right
        points.append((position / len(outcomes), wrong / position))
    if not points:
        return ""
    chart = risk_coverage(points, words("eval.risk"), words("eval.coverage"), words("eval.wrong_share"))
    return _plot("eval.risk", chart, words)


def _latency(result: Result, words: Words) -> str:
    stages = result.summary.latency
    if not stages:
        return ""
    most = max(stage.p95_ms for stage in stages)
    rows = [
        (_named("stage", stage.stage, words), stage.p95_ms, f"{stage.p50_ms:.1f} / {stage.p95_ms:.1f} ms")
        for stage in stages
    ]
    return _plot("eval.latency", bars(rows, words("eval.latency"), most=most), words)


def _plot(key: str, chart: str, words: Words) -> str:
    return f'<figure class="plot"><figcaption>{esc(words(key))}</figcaption>{chart}</figure>'


def _failed(failed: Sequence[Any], words: Words) -> str:
    if not failed:
        return f'<p class="said">{esc(words("eval.none_failed"))}</p>'
    items = "".join(_trace(outcome, words) for outcome in failed[:_MOST_FAILED])
    head = words("eval.failed", n=len(failed), shown=min(len(failed), _MOST_FAILED))
    return f'<section class="eval-part"><h3>{esc(head)}</h3>{items}</section>'


def _trace(outcome: Any, words: Words) -> str:
    why = words("listing").join(words(f"why.{code}") for code in outcome.why)
    expected = "".join(
        f"<li>{esc(gold.place)} <span class=sub>{esc(_rank(gold.rank, words))}</span>"
        f"<p class=serif>{esc(gold.text)}</p></li>"
        for gold in outcome.expected
    )
    cited = "".join(
        f"<li>[{one.place}] 《{esc(one.document)}》{esc(' › '.join(one.path))} "
        f"{text_button('read', words('evidence.read'), 'read', data_clause=one.clause_id)}</li>"
        for one in outcome.cited
    )
    missing = words("listing").join(fact.fact for fact in outcome.facts if not fact.shown)
    parts = [
        (words("eval.reply"), f"<p>{esc(outcome.reply)}</p>"),
        (words("eval.missing"), esc(missing)),
        (words("eval.expected"), f"<ul>{expected}</ul>" if expected else ""),
        (words("eval.cited"), f"<ul>{cited}</ul>" if cited else ""),
    ]
    shown = "".join(f"<dt>{esc(name)}</dt><dd>{value}</dd>" for name, value in parts if value)
    again = text_button("suggest", words("eval.again"), "retry", data_question=outcome.question)
    return (
        f'<details class="trace"><summary><span>{esc(outcome.question)}</span>'
        f'<span class="sub">{esc(_named("type", outcome.type, words))} · {esc(why)}</span></summary>'
        f"<dl>{shown}</dl>{again}</details>"
    )


def _rank(rank: int | None, words: Words) -> str:
    return words("eval.rank", rank=rank) if rank else words("eval.no_rank")
