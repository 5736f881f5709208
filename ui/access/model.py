"""Who is asking, what that allows, and how a refusal is said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from ingest.bilingual import both
from ui.words import Words

Via = Literal["session", "token", "local", "command"]


class Role(StrEnum):
    """What somebody may do; each may also do what those before it may."""

    READER = "reader"
    """Asks, searches, reads, says what an answer was worth."""
    EDITOR = "editor"
    """Puts documents in, replaces them, takes them out."""
    ADMIN = "admin"
    """Sees the feedback, the audit log, the evaluation and how the service is set up."""

    def covers(self, needed: Role) -> bool:
        """Whether this role may do what ``needed`` may."""
        return _RANK[self] >= _RANK[needed]


_RANK: Final = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever sent the request that is being handled."""

    name: str
    """An account's or token's name; for a service without sign-in, ``local``."""
    role: Role
    via: Via
    address: str
    session: str = ""
    """The hash by which the session is kept, empty where there is none."""

    @property
    def key(self) -> str:
        """What limits are counted by: the account or token where somebody signed in, else the address."""
        return f"address:{self.address}" if self.via == "local" else f"{self.via}:{self.name}"


class AccessError(Exception):
    """A request that was not let through. As a string it says why in both languages; ``code`` is for programs."""

    status: int = 403
    code: str = "forbidden"

    def __init__(
        self, key: str, *, retry_after_s: int | None = None, role: Role | None = None, **places: object
    ) -> None:
        """``key`` names an entry of ``ui.text``; ``role`` fills its place of that name in either language."""
        super().__init__(key)
        self.retry_after_s = retry_after_s
        self._key, self._role, self._places = key, role, places

    def __str__(self) -> str:
        return both(self.said(Words("zh")), self.said(Words("en")))

    def said(self, words: Words) -> str:
        """Why, in one language."""
        role = {"role": words(f"role.{self._role}")} if self._role else {}
        return words(self._key, **self._places, **role)


class ForbiddenError(AccessError):
    """Whoever asks has not got the role."""


class SignInRequiredError(AccessError):
    """Nobody has signed in, or the session is over."""

    status = 401
    code = "sign_in_required"


class SessionOverError(SignInRequiredError):
    """Somebody had signed in, but the session is over."""

    code = "session_expired"


class TooManyError(AccessError):
    """More than the settings allow in a minute; ``retry_after_s`` says when to come back."""

    status = 429
    code = "too_many_requests"


class AccountError(ValueError):
    """A change to accounts or tokens that can't be made; the message says what to do instead."""


class WeakPasswordError(AccountError):
    """A password that would be guessed."""

    def __init__(self, key: str, **places: object) -> None:
        """``key`` names an entry of ``ui.text``."""
        self._key, self._places = key, places
        super().__init__(both(self.said(Words("zh")), self.said(Words("en"))))

    def said(self, words: Words) -> str:
        """Why, in one language."""
        return words(self._key, **self._places)
