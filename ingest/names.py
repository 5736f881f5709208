"""Short names that texts define: 《云溪市渔港三年行动计划》（以下简称《行动计划》）."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.model import Kind, PolicyDocument
from ingest.titles import bare

_DEFINED = re.compile(
    r"《([^《》\n]{3,80})》[^《》。;；\n]{0,40}?(?:简称|以下称|下称|簡稱)[：:为]?[《“\"]([^《》“”\"\n]{2,20})[》”\"]"
)
_LONGEST = 20_000
_ABOUT_OTHERS = frozenset({Kind.NEWS, Kind.INTERPRETATION, Kind.SPEECH, Kind.NOTICE})


def short_names(document: PolicyDocument) -> dict[str, str]:
    """Short names that a document defines, in comparable form → the full names."""
    found: dict[str, str] = {}
    for clause in document.clauses:
        if "称" in clause.text or "稱" in clause.text:
            for full, short in _DEFINED.findall(clause.text[:_LONGEST]):
                found.setdefault(bare(short), full)
    return found


def with_short_names(documents: Sequence[PolicyDocument]) -> tuple[PolicyDocument, ...]:
    """The documents of a file, each with the short names that it or a document beside it defines for it."""
    defined: dict[str, list[str]] = {}
    for document in documents:
        for short, full in short_names(document).items():
            defined.setdefault(bare(full), []).append(short)
    return tuple(_named(document, defined) for document in documents)


def _named(document: PolicyDocument, defined: dict[str, list[str]]) -> PolicyDocument:
    if document.kind in _ABOUT_OTHERS or not defined:
        return document
    own = [short for name in (document.title, *document.aliases) for short in defined.get(bare(name), ())]
    return replace(document, aliases=tuple(dict.fromkeys((*document.aliases, *own)))) if own else document
