"""The small parts that every panel is made of: buttons that the page's script knows by their ``data-do``."""

from __future__ import annotations

from ui.icons import icon
from ui.render import attributes, esc


def text_button(do: str, label: str, icon_name: str = "", kind: str = "text-button", **told: object) -> str:
    """A button with words on it; ``told`` becomes its attributes."""
    inside = (icon(icon_name) if icon_name else "") + f"<span>{esc(label)}</span>"
    return f'<button type="button"{attributes(class_=kind, data_do=do, **told)}>{inside}</button>'


def icon_button(do: str, label: str, icon_name: str, **told: object) -> str:
    """A button with only an icon on it; ``label`` is its name for screen readers and its tooltip."""
    return (
        f'<button type="button" class="icon-button"{attributes(data_do=do, title=label, aria_label=label, **told)}>'
        f"{icon(icon_name)}</button>"
    )


def note(text: str, kind: str = "card-note") -> str:
    """A sentence that a reader should not overlook."""
    return f"<p{attributes(class_=kind)}>{icon('warn')}<span>{esc(text)}</span></p>"
