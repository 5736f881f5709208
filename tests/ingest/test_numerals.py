from __future__ import annotations

import pytest

from ingest.numerals import circled, number, roman, year


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零八", 108),
        ("一百一十", 110),
        ("一百十", 110),
        ("一千二百六十", 1260),
        ("两千", 2000),
        ("一万零三", 10003),
        ("二〇二一", 2021),
        ("12", 12),
        ("１２", 12),
        ("〇", 0),
        ("二三十", None),
        ("百", None),
        ("", None),
        ("甲", None),
    ],
)
def test_printed_numbers_have_one_value_or_none(printed: str, value: int | None) -> None:
    assert number(printed) == value


def test_circled_roman_and_years() -> None:
    assert [circled(c) for c in "①⑳⑴⒈㈠甲"] == [1, 20, 1, 1, 1, None]
    assert [roman(s) for s in ("iv", "XII", "xl", "", "abc")] == [4, 12, 40, None, None]
    assert [year(s) for s in ("2021", "二〇二一", "二○二一", "3021", "21")] == [2021, 2021, 2021, None, None]
