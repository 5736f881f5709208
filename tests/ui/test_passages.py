from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.model import Clause
from ui.passages import clause_paragraphs, paragraphs


def clause(text: str, *spans: tuple[int, int], label: str = "", heading: str = "") -> Clause:
    return Clause("d.c", (), label, heading, spans or ((0, len(text)),), text)


def test_a_sentence_broken_by_the_page_is_one_paragraph() -> None:
    text = "市民全年骑行满一百公里的，一次性补贴\n二十元。\n另行通知。"
    assert [html for html, _ in clause_paragraphs(text, clause(text))] == [
        "市民全年骑行满一百公里的，一次性补贴二十元。",
        "另行通知。",
    ]


def test_a_heading_stays_alone_however_long_it_is() -> None:
    text = "二、关于进一步做好绿色出行补贴工作\n请各区落实。"
    shown = clause_paragraphs(text, clause(text, label="二、", heading="关于进一步做好绿色出行补贴工作"))
    assert [html for html, _ in shown] == ["二、关于进一步做好绿色出行补贴工作", "请各区落实。"]


def test_latin_words_broken_by_a_line_keep_a_space() -> None:
    text = "Residents who cycle one hundred\nkilometres receive twenty yuan."
    assert clause_paragraphs(text, clause(text))[0][0] == text.replace("\n", " ")


def test_only_paragraphs_with_quoted_words_count_as_marked() -> None:
    text = "第一款。\n第二款有补贴。"
    shown = clause_paragraphs(text, clause(text), [(8, 10)])
    assert [marked for _, marked in shown] == [False, True]
    assert "<mark>" in shown[1][0]


@given(st.text("中文a b\n。，", max_size=120), st.lists(st.integers(0, 120), min_size=2, max_size=8))
def test_paragraphs_show_every_character_of_the_spans_once(text: str, cuts: list[int]) -> None:
    edges = sorted({min(cut, len(text)) for cut in cuts})
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    shown = "".join(text[a:b] for group in paragraphs(text, spans) for a, b in group)
    wanted = "".join(text[a:b] for a, b in spans)
    assert "".join(shown.split()) == "".join(wanted.split())
