"""Ways in which a store can refuse; each message is one sentence that says what, which and what to do."""

from __future__ import annotations


class StoreError(Exception):
    """A store could not be opened, read or written; ``str(error)`` tells the user what to do about it."""


class EncoderMismatchError(StoreError):
    """An index was built with another encoder than the one that was asked for; the message names both."""


class EngineUnreachableError(StoreError):
    """A database server that holds the store, or a part of it, does not answer."""


class UnknownDocumentError(StoreError):
    """No document, clause or file of that name is in the store."""


class EngineInterruptedError(EngineUnreachableError):
    """A server broke off in the middle of a change. It may well answer the next question."""
