"""The page's look for the parts that Gradio draws itself; everything else is in ``assets/*.css``.

Fonts are named, never fetched: PingFang on Apple systems, YaHei on Windows, Noto on Linux.
"""

from __future__ import annotations

from typing import Final

import gradio as gr

SANS: Final = (
    "PingFang SC",
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "system-ui",
    "sans-serif",
)
MONO: Final = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Noto Sans Mono CJK SC", "monospace")


def theme() -> gr.themes.Base:
    """A Gradio theme without remote fonts, shadows or coloured blocks: paper, ink, and one vermilion."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.red,
        neutral_hue=gr.themes.colors.stone,
        radius_size=gr.themes.sizes.radius_sm,
        font=SANS,
        font_mono=MONO,
    ).set(
        body_background_fill="transparent",
        body_background_fill_dark="transparent",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_shadow="none",
        block_padding="0px",
        layout_gap="0px",
    )
