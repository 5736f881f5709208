"""Plots as inline SVG, drawn without a plotting library; their colours come from the page's style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from eval.metrics.bootstrap import Interval
from eval.metrics.calibration import CalibrationBin

_WIDTH = 640
_ROW = 26
_LABEL = 240
_VALUE = 120


def interval_plot(rows: Sequence[tuple[str, Interval]], title: str, low: float = 0.0, high: float = 1.0) -> str:
    """One line a row: a bar to the mean, a whisker over the 95 % interval, the figures at the right."""
    height = _ROW * len(rows) + 24
    span = _WIDTH - _LABEL - _VALUE
    parts = [_grid(_LABEL, span, height, low, high)]

    def x(value: float) -> float:
        return _LABEL + span * (min(max(value, low), high) - low) / (high - low)

    for i, (label, interval) in enumerate(rows):
        middle = i * _ROW + _ROW / 2
        zero = x(max(0.0, low))
        left, right = sorted((zero, x(interval.mean)))
        parts.append(
            f'<text x="{_LABEL - 8}" y="{middle + 4:.1f}" text-anchor="end">{escape(_short(label))}</text>'
            f'<rect class="bar" x="{left:.1f}" y="{middle - 7:.1f}" width="{right - left:.1f}" height="14" rx="2"/>'
            f'<path class="whisker" d="M{x(interval.low):.1f} {middle:.1f}H{x(interval.high):.1f}'
            f'M{x(interval.low):.1f} {middle - 4:.1f}v8M{x(interval.high):.1f} {middle - 4:.1f}v8"/>'
            f'<text class="figure" x="{_LABEL + span + 10}" y="{middle + 4:.1f}">{interval.mean:.3f}'
            f'<tspan class="faint"> n={interval.count}</tspan></text>'
        )
    return _svg(parts, height, title)


def bar_plot(rows: Sequence[tuple[str, float]], title: str) -> str:
    """One bar a row, scaled to the largest value, with room for labels in two languages."""
    height = _ROW * len(rows) + 8
    left = _LABEL + 130
    span = _WIDTH - left - _VALUE / 2
    largest = max((value for _, value in rows), default=0.0) or 1.0
    parts = []
    for i, (label, value) in enumerate(rows):
        middle = i * _ROW + _ROW / 2
        width = span * value / largest
        parts.append(
            f'<text x="{left - 8}" y="{middle + 4:.1f}" text-anchor="end">{escape(_short(label, 29))}</text>'
            f'<rect class="bar" x="{left}" y="{middle - 7:.1f}" width="{width:.1f}" height="14" rx="2"/>'
            f'<text class="figure" x="{left + width + 8:.1f}" y="{middle + 4:.1f}">{value:g}</text>'
        )
    return _svg(parts, height, title)


def depth_plot(shares: Sequence[float], title: str) -> str:
    """hit@k over k = 1, 2, …: a line with its figures."""
    height, left, top, width, tall = 230, 46, 16, 560, 176
    step = width / max(len(shares) - 1, 1)
    points = [(left + i * step, top + tall * (1 - share)) for i, share in enumerate(shares)]
    parts = [
        f'<path class="grid" d="M{left} {top + tall * (1 - v):.1f}H{left + width}"/>'
        f'<text x="{left - 8}" y="{top + tall * (1 - v) + 4:.1f}" text-anchor="end" class="faint">{v:g}</text>'
        for v in (0, 0.25, 0.5, 0.75, 1)
    ]
    parts.append(f'<polyline class="line" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>')
    for k, ((x, y), share) in enumerate(zip(points, shares, strict=True), 1):
        parts.append(
            f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5"><title>k={k}: {share:.3f}</title></circle>'
            f'<text x="{x:.1f}" y="{top + tall + 20}" text-anchor="middle" class="faint">{k}</text>'
            f'<text x="{x:.1f}" y="{y - 8:.1f}" text-anchor="middle" class="figure small">{share:.2f}</text>'
        )
    return _svg(parts, height, title)


def calibration_plot(bins: Sequence[CalibrationBin], title: str, across: str, up: str) -> str:
    """Accuracy over confidence; on the diagonal, confidence is what it says. Dots grow with the number of answers."""
    left, top, size = 60, 14, 240
    parts = [
        f'<path class="grid" d="M{left} {top + size}H{left + size}M{left} {top}V{top + size}"/>'
        f'<path class="whisker" stroke-dasharray="4 4" d="M{left} {top + size}L{left + size} {top}"/>'
    ]
    parts += [
        f'<text x="{left - 8}" y="{top + size * (1 - v) + 4:.1f}" text-anchor="end" class="faint">{v:g}</text>'
        f'<text x="{left + size * v:.1f}" y="{top + size + 18}" text-anchor="middle" class="faint">{v:g}</text>'
        for v in (0, 0.5, 1)
    ]
    largest = max((b.count for b in bins), default=1)
    for b in bins:
        x, y = left + size * b.confidence, top + size * (1 - b.accuracy)
        radius = 3 + 9 * (b.count / largest) ** 0.5
        hint = f"{across} {b.confidence:.2f}, {up} {b.accuracy:.2f}, n={b.count}"
        parts.append(
            f'<circle class="dot see" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"><title>{escape(hint)}</title></circle>'
            f'<text x="{x + radius + 4:.1f}" y="{y + 4:.1f}" class="faint small">{b.count}</text>'
        )
    parts.append(f'<text x="{left + size / 2}" y="{top + size + 38}" text-anchor="middle">{escape(across)}</text>')
    parts.append(f'<text x="{left + size + 24}" y="{top + 12}">↑ {escape(up)}</text>')
    return _svg(parts, top + size + 48, title, width=_WIDTH)


def _grid(left: float, span: float, height: float, low: float, high: float) -> str:
    parts = []
    for step in range(5):
        value = low + (high - low) * step / 4
        x = left + span * step / 4
        parts.append(
            f'<path class="grid" d="M{x:.1f} 0V{height - 20}"/>'
            f'<text x="{x:.1f}" y="{height - 5}" text-anchor="middle" class="faint">{value:g}</text>'
        )
    return "".join(parts)


def _svg(parts: Sequence[str], height: float, title: str, width: int = _WIDTH) -> str:
    label = escape(title, quote=True)
    return (
        f'<svg viewBox="0 0 {width} {height:g}" role="img" aria-label="{label}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _short(label: str, most: float = 18.6) -> str:
    """A label that fits its column; a Chinese character is as wide as two Latin ones."""
    width = 0.0
    for i, char in enumerate(label):
        width += 1.0 if ord(char) > 0x2E80 else 0.55
        if width > most:
            return label[:i] + "…"
    return label
