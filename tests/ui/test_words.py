from __future__ import annotations

import re
from pathlib import Path

import pytest

from ui.text import LANGUAGES, PARTS, TEXTS
from ui.words import Words, preferred_language

UI = Path(__file__).parents[2] / "ui"
PLACE = re.compile(r"\{(\w+)\}")
MADE_KEYS = ("status.", "kind.", "nav.", "measure.", "why.", "type.", "role.", "audit.", "account.sessions.", "stage.")


def test_every_string_has_the_same_places_in_both_languages() -> None:
    for key, (chinese, english) in TEXTS.items():
        assert set(PLACE.findall(chinese)) == set(PLACE.findall(english)), key


def test_no_two_parts_share_a_key() -> None:
    assert sum(len(part) for part in PARTS) == len(TEXTS)


def test_no_string_is_empty_or_left_untranslated() -> None:
    same = {key for key, (chinese, english) in TEXTS.items() if chinese == english}
    assert not same
    assert all(chinese.strip() and english.strip() for chinese, english in TEXTS.values())


def test_english_strings_hold_no_chinese_but_the_languages_name() -> None:
    found = {key for key, (_, english) in TEXTS.items() if re.search(r"[\u4e00-\u9fff]", english)}
    assert found == {"switch.language"}


def test_every_string_is_used() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in UI.rglob("*.py") if file.parent.name != "text")
    unused = [key for key in TEXTS if f'"{key}"' not in code and f"'{key}'" not in code]
    assert [key for key in unused if not key.startswith(MADE_KEYS)] == []


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        Words("zh")("no.such.key")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9", "en"),
        ("fr-FR,en;q=0.3", "en"),
        ("de", "zh"),
        ("", "zh"),
        ("en;q=0,zh;q=0.1", "zh"),
        ("en;q=abc", "zh"),
    ],
)
def test_the_browsers_language_is_taken_where_it_is_one_of_ours(header: str, language: str) -> None:
    assert preferred_language(header) == language


def test_both_languages_speak() -> None:
    assert [Words(language)("nav.ask") for language in LANGUAGES] == ["问答", "Ask"]
