"""Where a clause stands, as a reader would write it: 《title》(number)第六章 › 第四十五条."""

from __future__ import annotations

import re

from ingest.model import Clause, PolicyDocument
from qa.language import Language

_LONGEST_STEP = 24
_LONGEST_TITLE = 40


def title_of(document: PolicyDocument) -> str:
    """The document's title without the title marks around it, on one line, shortened where it runs on."""
    title = re.sub(r"\s+", "", document.title) if not document.title.isascii() else document.title
    title = title.removeprefix("《").removesuffix("》") if title.count("《") == 1 and title.endswith("》") else title
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "…"


def place_of(clause: Clause) -> str:
    """The last two steps of the clause's path, the label alone where a step is as long as a sentence."""
    steps = [_short(step, clause.label if step == clause.path[-1] else "") for step in clause.path]
    return " › ".join(step for step in steps[-2:] if step)


def address(clause: Clause, document: PolicyDocument, language: Language) -> str:
    """Document, number and place of a clause in one line."""
    title, place = title_of(document), place_of(clause)
    number = f"({document.number})" if document.number else ""
    if language is Language.EN:
        return f"“{title}” {number} {place}".replace("  ", " ").strip()
    named = f"《{title}》" if "《" not in title else f"“{title}”"
    return f"{named}{number}{place}"


def _short(step: str, label: str) -> str:
    step = " ".join(step.split())
    if len(step) <= _LONGEST_STEP:
        return step
    return label.strip() or step[: _LONGEST_STEP - 1] + "…"
