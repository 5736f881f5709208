"""What went wrong, as the page says it: in the reader's language, with what to do."""

from __future__ import annotations

import logging

from index.errors import StoreError, UnknownDocumentError
from ui.render import esc
from ui.words import Words

_log = logging.getLogger("policyqa.page")


def failure_text(error: Exception, words: Words) -> str:
    """One sentence for a reader. Messages in both languages are cut down to theirs."""
    if isinstance(error, UnknownDocumentError):
        return words("failed.gone")
    if isinstance(error, StoreError):
        _log.error("the library could not be read or changed: %s", error)  # who keeps the service has to see to it
        return words("failed.store", why=str(error))
    return words("failed", why=words.side(str(error)))


def failure_html(error: Exception, words: Words) -> str:
    """The same as a paragraph that screen readers say at once."""
    return f'<p class="error" role="alert">{esc(failure_text(error, words))}</p>'
