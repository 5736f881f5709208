"""The store's search for a question as a person puts it: what ``policyqa search`` and the page's search find."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from index.types import Filters, SearchResult
from qa.language import Language, detect
from qa.terms import in_chinese_words

if TYPE_CHECKING:
    from index.protocol import PolicyStore

_LOOKED_AT = 10


def search(
    store: PolicyStore,
    query: str,
    k: int = 10,
    filters: Filters = Filters(),  # noqa: B008  frozen
) -> SearchResult:
    """The ``k`` best clauses, best first. Raises StoreError.

    An English query's words count as their Chinese ones too, unless all that it finds by itself is in English: then
    Chinese words, which no text holds, would only take weight from its own.
    """
    if detect(query) is not Language.EN:
        return store.search(query, k, filters)
    own = store.search(query, max(k, _LOOKED_AT), filters)
    if all(detect(hit.clause.text) is Language.EN for hit in own.hits):
        return replace(own, hits=own.hits[:k])
    return replace(store.search(in_chinese_words(query), k, filters), query=query)
