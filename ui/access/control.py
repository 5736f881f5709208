"""Everything about access that a running service needs, opened by its settings."""

from __future__ import annotations

from typing import Final

from qa.settings import Settings, SettingsError
from ui.access.accounts import FILE_NAME as ACCOUNTS_FILE
from ui.access.accounts import Accounts, open_accounts
from ui.access.audit import AuditLog, NoAudit, open_audit
from ui.access.database import Database
from ui.access.limits import Attempts, Rates
from ui.access.model import Caller, Role, SessionOverError, SignInRequiredError, TooManyError
from ui.access.sessions import Sessions, open_sessions
from ui.access.tokens import Tokens

LOOPBACK: Final = frozenset(("127.0.0.1", "localhost", "::1"))
LOCAL: Final = "local"


def reaches_others(settings: Settings) -> bool:
    """Whether other machines can reach the service: by the address it listens on, or through a proxy in front."""
    return settings.host not in LOOPBACK or (
        settings.public_url is not None and (settings.public_url.host or "").strip("[]") not in LOOPBACK
    )


def login_required(settings: Settings) -> bool:
    """Whether everybody has to sign in. Raises SettingsError where that is so and there is nobody who could."""
    if settings.require_login is False:
        return False
    if settings.require_login is None and not reaches_others(settings):
        return False
    if has_accounts(settings):
        return True
    if settings.require_login is None:
        return False
    raise SettingsError(
        "require_login is set and there is no account that could sign in: "
        f"policyqa account add NAME --role admin --store {settings.store}"
    )


def has_accounts(settings: Settings) -> bool:
    """Whether there is anybody who could sign in."""
    if not (settings.access_folder / ACCOUNTS_FILE).exists():
        return False
    database = open_accounts(settings.access_folder)
    try:
        return any(not account.disabled for account in Accounts(database).all())
    finally:
        database.close()


def check_address(settings: Settings) -> None:
    """Raises SettingsError where other machines would reach a service at which nobody has to sign in, unless the
    settings say that this is meant."""
    if not reaches_others(settings) or login_required(settings) or settings.open_to_network:
        return
    where = settings.public_url if settings.host in LOOPBACK else settings.host
    raise SettingsError(
        f"{where} can be reached from other machines, and whoever reaches it may read, add and remove documents. Make "
        f"an account, so that people have to sign in: policyqa account add NAME --role admin --store {settings.store} "
        "(or set POLICYQA_OPEN_TO_NETWORK=true if it is meant to be open to all)."
    )


class AccessControl:
    """Who may come in, what is counted and what is written down."""

    def __init__(self, settings: Settings) -> None:
        """Raises SettingsError where people have to sign in and nobody can, AccountError for an unusable file."""
        self.settings = settings
        self.login_required = login_required(settings)
        self._open: list[Database] = []
        folder, reached = settings.access_folder, reaches_others(settings)
        self.audit: NoAudit = NoAudit()
        self.audit_file: Database | None = None
        if settings.audit if settings.audit is not None else (self.login_required or reached):
            self.audit_file = self._keep(open_audit(folder))
            self.audit = AuditLog(self.audit_file, days=settings.audit_days, question_text=settings.audit_question_text)
        self.rates: Rates | None = None
        self.desk: Desk | None = None
        if self.login_required or reached:
            sessions = self._keep(open_sessions(folder))
            per_minute = {
                "ask": settings.ask_per_minute,
                "search": settings.search_per_minute,
                "upload": settings.upload_per_minute,
            }
            self.rates = Rates(sessions, per_minute)
            if self.login_required:
                self.desk = Desk(settings, self._keep(open_accounts(folder)), sessions)

    @property
    def secure(self) -> bool:
        """Whether browsers reach the service by https, as far as the settings tell."""
        return self.settings.public_url is not None and self.settings.public_url.scheme == "https"

    def local_caller(self, address: str) -> Caller:
        """Whoever uses a service at which nobody signs in: its own user, or anybody where it is open on purpose."""
        role = Role(self.settings.open_role) if reaches_others(self.settings) else Role.ADMIN
        return Caller(LOCAL, role, "local", address)

    def spend(self, action: str, caller: Caller) -> None:
        """Counts one action of a caller. Raises TooManyError."""
        if self.rates is None:
            return
        wait = self.rates.spend(action, caller.key)
        if wait:
            self.audit.record("limited", action, "refused", wait_s=wait)
            raise TooManyError("access.too_many", retry_after_s=wait, wait=wait)

    def close(self) -> None:
        """Writes what is waiting and lets go of the files."""
        self.audit.close()
        for database in self._open:
            database.close()

    def _keep(self, database: Database) -> Database:
        self._open.append(database)
        return database


class Desk:
    """Where people and programs say who they are."""

    def __init__(self, settings: Settings, accounts: Database, sessions: Database) -> None:
        self.accounts = Accounts(accounts)
        self.tokens = Tokens(accounts)
        self.attempts = Attempts(sessions)
        self.sessions = Sessions(
            sessions, idle_s=settings.session_idle_minutes * 60, most_s=settings.session_hours * 3600
        )

    def caller(self, *, token: str | None, session: str | None, address: str) -> Caller:
        """Whoever a token or a session's word belongs to. Raises SignInRequiredError."""
        if token is not None:
            found = self.tokens.find(token)
            if found is None:
                raise SignInRequiredError("access.bad_token")
            return Caller(found.label, found.role, "token", address)
        if not session:
            raise SignInRequiredError("access.sign_in")
        kept = self.sessions.find(session)
        account = self.accounts.find(kept.name) if kept else None
        if kept is None or account is None or account.disabled or account.stamp != kept.stamp:
            raise SessionOverError("access.session_over")
        return Caller(account.name, account.role, "session", address, kept.hash)

    def sign_in(self, name: str, password: str, address: str, *, instead_of: str | None) -> str | int:
        """The word of a new session; the seconds to wait before a password may be tried; 0 where it was wrong.

        Raises sqlite3.Error where a session can't be kept.
        """
        wait = self.attempts.begin(name, address)
        if wait:
            return wait
        account = self.accounts.verify(name, password)
        if account is None:
            return 0
        self.attempts.right(name, address)
        return self.sessions.start(account, address, instead_of=instead_of)
