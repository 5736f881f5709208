"""The page's few line icons as inline SVG, hidden from screen readers because each stands beside a label."""

from __future__ import annotations

from typing import Final

_SHAPES: Final[dict[str, str]] = {
    "copy": '<rect x="8" y="8" width="11" height="12" rx="1.5"/><path d="M5 16V5.5A1.5 1.5 0 0 1 6.5 4H15"/>',
    "quote": '<path d="M10 7c-3 1-4 3-4 6v4h5v-5H8M19 7c-3 1-4 3-4 6v4h5v-5h-3"/>',
    "link": '<path d="M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.5 1.5M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0'
    ' 5.7 5.7l1.5-1.5"/>',
    "flag": '<path d="M6 21V4h11l-2 4 2 4H6"/>',
    "up": '<path d="M7 11v9H4v-9zM7 12l4-8c1.7 0 2.5 1 2.2 2.6L12.6 10H18a2 2 0 0 1 2 2.4l-1.2 6A2 2 0 0 1 16.8'
    ' 20H7"/>',
    "down": '<path d="M7 13V4H4v9zM7 12l4 8c1.7 0 2.5-1 2.2-2.6L12.6 14H18a2 2 0 0 0 2-2.4l-1.2-6A2 2 0 0 0 16.8'
    ' 4H7"/>',
    "retry": '<path d="M19 12a7 7 0 1 1-2.2-5.1M19 4v4h-4"/>',
    "edit": '<path d="M5 19l1-4L16 5l3 3L9 18z"/>',
    "read": '<path d="M12 6c-2-1.5-5-2-8-1.5v13c3-.5 6 0 8 1.5 2-1.5 5-2 8-1.5v-13c-3-.5-6 0-8 1.5zM12 6v13"/>',
    "close": '<path d="M6 6l12 12M18 6L6 18"/>',
    "theme": '<circle cx="12" cy="12" r="8"/><path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor"/>',
    "filter": '<path d="M4 6h16M7 12h10M10 18h4"/>',
    "send": '<path d="M12 19V5M6 11l6-6 6 6"/>',
    "stop": '<rect x="7" y="7" width="10" height="10" rx="1" fill="currentColor"/>',
    "trash": '<path d="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13"/>',
    "upload": '<path d="M12 16V5M7 9l5-5 5 5M5 19h14"/>',
    "swap": '<path d="M4 8h13l-3-3M20 16H7l3 3"/>',
    "down-small": '<path d="M7 10l5 5 5-5"/>',
    "new": '<path d="M12 5v14M5 12h14"/>',
    "warn": '<path d="M12 4l9 16H3zM12 10v4M12 17v.5"/>',
}


def icon(name: str) -> str:
    """The icon of that name, 1em high, in the colour of the text around it."""
    return (
        '<svg class="icon" viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor" '
        'stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        f"{_SHAPES[name]}</svg>"
    )
