"""The pages around signing in, as plain HTML in the product's look; they need no script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from ui.access.model import Caller
from ui.access.passwords import FEWEST_CHARS, MOST_CHARS
from ui.access.sessions import Session
from ui.render import attributes, esc
from ui.text import TEXTS
from ui.words import Words

_AUDIT_COLUMNS: Final = ("at", "who", "action", "target", "outcome", "address")


def sign_in_page(
    words: Words, *, token: str, target: str, name: str = "", said: str = "", wrong: bool = False, version: str = ""
) -> str:
    """The sign-in form; ``said`` is what happened before, an error where ``wrong``."""
    return _document(
        words,
        "signin.title",
        f"""
<main class="door">
  <h1><span class="mark" aria-hidden="true">问</span>{esc(words("name"))}</h1>
  <p class="lead">{esc(words("tagline"))}</p>
  <form method="post" action="/sign-in" class="sheet">
    <h2>{esc(words("signin.title"))}</h2>
    {_said(said, wrong=wrong) or f'<p class="hint">{esc(words("signin.lead"))}</p>'}
    {_hidden(token=token, next=target)}
    <label>{esc(words("signin.name"))}
      <input{attributes(name="name", value=name, autocomplete="username", autocapitalize="none", spellcheck="false")}
        required maxlength="64"{"" if name else " autofocus"}></label>
    <label>{esc(words("signin.password"))}
      <input type="password" name="password" autocomplete="current-password" required maxlength="{MOST_CHARS}"
        {" autofocus" if name else ""}></label>
    <button type="submit">{esc(words("signin.go"))}</button>
    <p class="hint">{esc(words("signin.help"))}</p>
  </form>
  {_language_switch(words, f"/sign-in?next={quote(target, safe='/')}" if target != "/" else "/sign-in")}
</main>""",
        version,
    )


def account_page(
    words: Words,
    caller: Caller,
    sessions: Sequence[Session],
    *,
    token: str,
    said: str = "",
    wrong: bool = False,
    audited: bool = False,
    version: str = "",
) -> str:
    """One's own account: the password, where one is signed in and, for administrators, the way to the audit log."""
    role = words(f"role.{caller.role}")
    rows = [
        (
            esc(one.address) + (f" · {esc(words('account.sessions.this'))}" if one.hash == caller.session else ""),
            _time(datetime.fromtimestamp(one.created_at).astimezone()),
            _time(datetime.fromtimestamp(one.seen_at).astimezone()),
        )
        for one in sessions
    ]
    heads = [words(f"account.sessions.{name}") for name in ("address", "since", "seen")]
    log = f'<p><a href="/account/audit">{esc(words("audit.title"))}</a></p>' if audited else ""
    return _document(
        words,
        "account.title",
        f"""
<main class="door wide">
  <h1>{esc(words("account.title"))}</h1><p class="lead">{esc(words("account.lead", name=caller.name, role=role))}</p>
  {_said(said, wrong=wrong)}
  <form method="post" action="/account/password" class="sheet">
    <h2>{esc(words("account.password"))}</h2>{_hidden(token=token)}
    <input type="text" name="username" value="{esc(caller.name)}" autocomplete="username" hidden>
    {_password("old", words("account.password.old"), "current-password")}
    {_password("new", words("account.password.new", n=FEWEST_CHARS), "new-password")}
    {_password("again", words("account.password.again"), "new-password")}
    <button type="submit">{esc(words("account.password.go"))}</button>
  </form>
  <section class="sheet"><h2>{esc(words("account.sessions"))}</h2>{_table(heads, rows)}
    <form method="post" action="/account/sessions">{_hidden(token=token)}
      <button type="submit" class="plain">{esc(words("account.sessions.end"))}</button></form></section>
  {log}<p><a href="/">{esc(words("account.back"))}</a></p>
</main>""",
        version,
    )


def audit_page(words: Words, entries: Iterable[Mapping[str, Any]] | None, *, days: int, version: str = "") -> str:
    """The latest entries of the audit log, newest first; None where it is off."""
    if entries is None:
        body = f'<p class="lead">{esc(words("audit.off"))}</p>'
    else:
        shown = [[esc(_cell(entry, column, words)) for column in _AUDIT_COLUMNS] for entry in entries]
        heads = [words(f"audit.{column}") for column in _AUDIT_COLUMNS]
        body = (
            f'<p class="lead">{esc(words("audit.lead", n=len(shown), days=days))} '
            f'<a href="/api/audit.jsonl" download>{esc(words("audit.export"))}</a></p>'
            f'<section class="sheet" aria-label="{esc(words("audit.title"))}">{_table(heads, shown)}</section>'
        )
    back = f'<p><a href="/account">{esc(words("account.title"))}</a> · <a href="/">{esc(words("account.back"))}</a></p>'
    title = esc(words("audit.title"))
    return _document(words, "audit.title", f'<main class="door full"><h1>{title}</h1>{body}{back}</main>', version)


def _cell(entry: Mapping[str, Any], column: str, words: Words) -> str:
    value = str(entry[column] or "")
    if column == "at":
        return f"{datetime.fromisoformat(value).astimezone():%Y-%m-%d %H:%M:%S}"
    known = f"audit.{column}.{value}"
    return words(known) if known in TEXTS else value[:200]


def _document(words: Words, title: str, body: str, version: str) -> str:
    query = f"?v={esc(version)}"
    return f"""<!doctype html>
<html lang="{words.tag}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{esc(words(title))} · {esc(words("name"))}</title><meta name="robots" content="noindex">
<script src="/look/js/early.js{query}"></script>
<link rel="icon" type="image/svg+xml" href="/look/icon.svg{query}">
<link rel="stylesheet" href="/look/css/base.css{query}"><link rel="stylesheet" href="/look/css/access.css{query}">
</head><body>{body}</body></html>
"""


def _said(text: str, *, wrong: bool) -> str:
    if not text:
        return ""
    return f'<p class="said{" error" if wrong else ""}" role="{"alert" if wrong else "status"}">{esc(text)}</p>'


def _hidden(**fields: str) -> str:
    return "".join(f"<input{attributes(type='hidden', name=name, value=value)}>" for name, value in fields.items())


def _password(name: str, label: str, complete: str) -> str:
    kind = attributes(type="password", name=name, autocomplete=complete, maxlength=MOST_CHARS)
    return f"<label>{esc(label)}<input{kind} required></label>"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{esc(one)}</th>' for one in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _language_switch(words: Words, address: str) -> str:
    other = "en" if words.language == "zh" else "zh"
    joined = f"{address}{'&' if '?' in address else '?'}language={other}"
    return f'<p class="switch"><a{attributes(href=joined, lang=other)}>{esc(words("switch.language"))}</a></p>'


def _time(moment: datetime) -> str:
    return esc(moment.strftime("%Y-%m-%d %H:%M"))
