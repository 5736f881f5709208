"""What the page is told about whoever opened it: the role, which says what it shows, and the account's menu."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ui.access.door import CALLER
from ui.guards import Scope
from ui.words import Words

if TYPE_CHECKING:
    from ui.access.control import AccessControl
    from ui.access.model import Caller

_TOLD = ("account.menu", "account.signout", "account.again", "account.over", "account.over.detail")


def personal(document: str, scope: Scope, words: Words, control: AccessControl) -> str:
    """The document with its reader's role and, where people sign in, their account.

    Hiding is a courtesy; what a role may do is checked where it is done.
    """
    caller: Caller | None = scope.get(CALLER)
    if caller is None:
        return document
    language = f'lang="{words.tag}"'
    document = document.replace(language, f'{language} data-role="{caller.role}"', 1)
    if control.desk is None or caller.via != "session":
        return document
    told = {
        "name": caller.name,
        "role": words(f"role.{caller.role}"),
        "token": control.desk.sessions.form_token(caller.session),
        "words": {key: words(key) for key in _TOLD},
    }
    # A name could hold what looks like the end of the element.
    safe = json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")
    return document.replace("</head>", f'<script type="application/json" id="account-told">{safe}</script></head>', 1)
