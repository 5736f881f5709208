"""Clauses that the answering clause points to: 违反本法第三十四条规定, 与国家级标准相同."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.model import Clause, Span
from qa.language import plain, squeeze
from qa.library import Shelf, View

_SAME_AS = re.compile(
    r"(?:与|同|按照?|参照|参考)([^,。;,;()()与]{2,24}?)(?:的?(?:要求|条件|标准|规定|指标|执行))*(?:相同|一致|相一致|同|执行|等同)"
)
_MOST = 3


@dataclass(frozen=True, slots=True)
class Followed:
    """A pointer as printed and the clause that it points to."""

    words: str
    view: View


def follow(view: View, shelf: Shelf, shown_spans: Sequence[Span]) -> list[Followed]:
    """The clauses that the shown words point to, at most three, in the order in which they are named."""
    followed: list[Followed] = []
    seen = {view.clause.clause_id}
    for reference in view.clause.references:
        inside = any(a <= reference.span[0] < b for a, b in shown_spans)
        if not inside or reference.target_clause is None or reference.target_clause in seen:
            continue
        doc_id = reference.target_document or view.document.doc_id
        target = shelf.clause(doc_id, reference.target_clause)
        if target is not None:
            seen.add(target.clause_id)
            followed.append(Followed(" ".join(reference.text.split()), shelf.view(target, shelf.document(doc_id))))
    if not followed:
        followed = [f for f in _same_elsewhere(view, shelf) if f.view.clause.clause_id not in seen]
    return followed[:_MOST]


def _same_elsewhere(view: View, shelf: Shelf) -> list[Followed]:
    """The section of the same name under the heading that “与…相同” names, in the same document."""
    found = _SAME_AS.search(view.text)
    if not found or not view.clause.path:
        return []
    wanted = squeeze(found[1])
    own_heading = _heading(view.clause)
    best: tuple[float, Clause] | None = None
    for clause in shelf.document(view.document.doc_id).clauses:
        if clause.clause_id == view.clause.clause_id or not clause.path:
            continue
        heading = _heading(clause)
        if own_heading and heading and heading != own_heading:
            continue
        fit = _shared(wanted, squeeze(plain(" ".join(clause.path[:-1] or clause.path))))
        if clause.path[0] == view.clause.path[0]:
            continue
        if fit >= 0.3 and (best is None or fit > best[0]):
            best = (fit, clause)
    return [Followed(found[0], shelf.view(best[1], view.document))] if best else []


def _heading(clause: Clause) -> str:
    return squeeze(
        clause.heading or re.sub(r"^[\d一二三四五六七八九十()()、..\s]+", "", clause.path[-1] if clause.path else "")
    )[:12]


def _shared(wanted: str, path: str) -> float:
    pairs = {wanted[i : i + 2] for i in range(len(wanted) - 1)}
    return sum(pair in path for pair in pairs) / max(1, len(pairs))
