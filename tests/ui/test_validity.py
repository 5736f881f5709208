from __future__ import annotations

from datetime import date

import pytest

from ingest.model import PolicyDocument, Status
from ui.validity import shown_status


def document(status: Status, first: date | None = None, last: date | None = None) -> PolicyDocument:
    return PolicyDocument("d", "办法", "办法.txt", status=status, effective_on=first, expires_on=last)


@pytest.mark.parametrize(
    ("status", "first", "last", "shown"),
    [
        (Status.IN_FORCE, date(2030, 1, 1), date(2031, 12, 31), "in_force"),
        (Status.IN_FORCE, date(2030, 1, 1), date(2031, 6, 14), "expired"),
        (Status.IN_FORCE, date(2030, 1, 1), date(2031, 6, 15), "in_force"),
        (Status.TRIAL, date(2031, 6, 16), None, "not_yet"),
        (Status.UNKNOWN, None, date(2030, 1, 1), "expired"),
        (Status.REPEALED, date(2032, 1, 1), None, "repealed"),
        (Status.DRAFT, date(2032, 1, 1), None, "draft"),
        (Status.UNKNOWN, None, None, "unknown"),
    ],
)
def test_a_badge_shows_what_holds_on_the_day(status: Status, first: date, last: date, shown: str) -> None:
    assert shown_status(document(status, first, last), date(2031, 6, 15)) == shown
