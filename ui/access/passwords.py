"""Passwords as they are kept: Argon2id hashes, never the words themselves."""

from __future__ import annotations

from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from ui.access.model import WeakPasswordError

FEWEST_CHARS: Final = 10
MOST_CHARS: Final = 256
_FEWEST_DIFFERENT: Final = 5
# RFC 9106's second recommended choice (64 MiB, 3 passes), which is argon2-cffi's default; about 0.2 s on one core.
_HASHER: Final = PasswordHasher()
# 64 MiB each: many sign-ins at once must not take the memory that answers need.
_AT_ONCE: Final = BoundedSemaphore(2)
_NOBODY: Final = "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
"""A hash that no password has, so that an unknown name takes as long as a wrong password."""


def hashed(password: str, name: str) -> str:
    """The hash to keep. Raises WeakPasswordError for a password that is too easy to guess."""
    if not FEWEST_CHARS <= len(password) <= MOST_CHARS:
        raise WeakPasswordError("password.length", fewest=FEWEST_CHARS, most=MOST_CHARS)
    if len(set(password)) < _FEWEST_DIFFERENT or password.casefold() == name.casefold():
        raise WeakPasswordError("password.easy")
    with _AT_ONCE:
        return _HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether ``password`` is the one whose hash was kept; None is the hash of nobody and takes as long."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept or _NOBODY, password[: MOST_CHARS + 1]) and kept is not None
        except (Argon2Error, InvalidHashError):
            return False


def outdated(kept: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _HASHER.check_needs_rehash(kept)
