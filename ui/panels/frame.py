"""What stands around every page: the name, the four pages, the language and light-or-dark switches."""

from __future__ import annotations

from ui.parts import icon_button, text_button
from ui.render import attributes, esc
from ui.words import Words

VIEWS = ("ask", "library", "evaluation", "status")


def header(words: Words) -> str:
    """The head of the page. The script shows one view at a time; each is a link, so it can be opened by address."""
    links = "".join(
        f"<a{attributes(href='#' + view, data_view=view, aria_current='page' if view == 'ask' else None)}>"
        f"{esc(words('nav.' + view))}</a>"
        for view in VIEWS
    )
    other = "en" if words.language == "zh" else "zh"
    switch = text_button("language", words("switch.language"), kind="quiet", data_language=other, lang=other)
    return f"""
<a class="skip" href="#question">{esc(words("skip"))}</a>
<header class="masthead">
  <div class="masthead-row">
    <a class="wordmark" href="#ask"><span class="mark" aria-hidden="true">问</span><h1>{esc(words("name"))}</h1>
      <span class="tagline">{esc(words("tagline"))}</span></a>
    <nav aria-label="{esc(words("nav"))}">{links}</nav>
    <div class="switches">
      {switch}{icon_button("theme", words("switch.theme"), "theme")}
    </div>
  </div>
</header>
<div id="notice" class="toast" role="status" aria-live="polite" hidden data-lost="{esc(words("lost"))}"
  data-refused="{esc(words("refused"))}"
  data-copied="{esc(words("turn.copied"))}" data-thanks="{esc(words("turn.thanks"))}"></div>"""
