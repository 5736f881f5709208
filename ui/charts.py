"""Small plots as inline SVG: no library, no request, and in the colours of the page, light or dark."""

from __future__ import annotations

from collections.abc import Sequence

from ui.render import esc

_ROW = 30
_LEFT = 110
_WIDTH = 600
_BAR = 340


def bars(rows: Sequence[tuple[str, float, str]], label: str, *, most: float = 1.0) -> str:
    """Horizontal bars: (name, value, words at the end of the bar). ``most`` is the value that fills the width."""
    height = _ROW * len(rows) + 6
    parts = []
    for position, (name, value, told) in enumerate(rows):
        y = position * _ROW + 4
        width = max(1.0, _BAR * min(1.0, value / most if most else 0.0))
        parts.append(
            f'<text x="{_LEFT - 12}" y="{y + 16}" text-anchor="end">{esc(name)}</text>'
            f'<rect class="track" x="{_LEFT}" y="{y + 4}" width="{_BAR}" height="14" rx="2"/>'
            f'<rect class="bar" x="{_LEFT}" y="{y + 4}" width="{width:.1f}" height="14" rx="2"/>'
            f'<text class="value" x="{_LEFT + _BAR + 12}" y="{y + 16}">{esc(told)}</text>'
        )
    return _svg(_WIDTH, height, label, "".join(parts))


def risk_coverage(points: Sequence[tuple[float, float]], label: str, x_name: str, y_name: str) -> str:
    """The share of wrong answers (y) when only the surest share of questions (x) is answered; both from 0 to 1."""
    left, top, width, height = 52, 14, 440, 220
    top_risk = max(0.1, *(risk for _, risk in points)) if points else 0.1

    def spot(share: float, risk: float) -> str:
        return f"{left + share * width:.1f},{top + height - risk / top_risk * height:.1f}"

    line = " ".join(spot(share, risk) for share, risk in points)
    ticks = "".join(
        f'<text x="{left + share * width:.0f}" y="{top + height + 20}" text-anchor="middle">{share:.0%}</text>'
        for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    )
    levels = "".join(
        f'<line class="grid" x1="{left}" x2="{left + width}" y1="{top + height * (1 - part):.0f}" '
        f'y2="{top + height * (1 - part):.0f}"/><text x="{left - 8}" y="{top + height * (1 - part) + 4:.0f}" '
        f'text-anchor="end">{part * top_risk:.0%}</text>'
        for part in (0.0, 0.5, 1.0)
    )
    names = (
        f'<text x="{left + width / 2:.0f}" y="{top + height + 42}" text-anchor="middle">{esc(x_name)}</text>'
        f'<text x="{left}" y="{top - 2}">{esc(y_name)}</text>'
    )
    return _svg(
        left + width + 30, top + height + 52, label, f'{levels}{ticks}{names}<polyline class="line" points="{line}"/>'
    )


def _svg(width: float, height: float, label: str, inside: str) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{esc(label)}">'
        f"<title>{esc(label)}</title>{inside}</svg>"
    )
