"""References to other documents, resolved over all servers of a store, each name looked up once."""

from __future__ import annotations

from collections.abc import Mapping

from index.engines.parts import Parts
from index.engines.shard import Named
from index.filters import Standing
from index.links import resolved
from ingest.model import Clause

_NOT_BINDING = ("repealed", "superseded", "draft")


class Links:
    """What the names in a handful of clauses stand for; made anew for every reading, since documents come and go."""

    def __init__(self, parts: Parts, standings: Mapping[str, Standing]) -> None:
        self._parts = parts
        self._standings = standings
        self._documents: dict[str, tuple[str, str] | None] = {}
        self._labels: dict[str, list[tuple[str, str]]] = {}

    def linked(self, clause: Clause) -> Clause:
        """The clause with the targets of its references filled in where the store holds what they name."""
        return resolved(clause, self._document, self._articles)

    def _document(self, key: str) -> tuple[str, str] | None:
        if key not in self._documents:
            found = [one for part in self._parts.read(lambda view: view.named(key)) for one in part]
            best = min(found, key=self._worth, default=None)
            self._documents[key] = (best.doc_id, best.doc_id) if best is not None else None
        return self._documents[key]

    def _articles(self, doc_id: str) -> list[tuple[str, str]]:
        if doc_id not in self._labels:
            found = self._parts.read(lambda view: view.articles(doc_id))
            self._labels[doc_id] = next((labels for labels in found if labels), [])
        return self._labels[doc_id]

    def _worth(self, one: Named) -> tuple[bool, bool, int, str]:
        """Texts in force first, then those of that title, then the latest, as `index.links` has it."""
        standing = self._standings.get(one.doc_id)
        status = standing.status if standing is not None else one.status
        return status in _NOT_BINDING, not one.by_title, -int(one.day.replace("-", "") or 0), str(one.order)
