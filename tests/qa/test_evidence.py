"""Sentences that know where they stand, literal figures and names, markers that can't be forged."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model import Clause, PolicyDocument
from qa.compose import quiet
from qa.literals import figures, names, unborne_figures, unborne_names
from qa.reply import MARKER
from qa.sentences import merge_spans, shown, split_clause


def clause_over(text: str, *cuts: int) -> Clause:
    edges = [0, *cuts, len(text)]
    spans = tuple((a, b) for a, b in pairwise(edges) if a < b)
    return Clause("c", ("第一条",), "第一条", "", spans, text)


@given(st.text(alphabet="甲乙丙丁。;;\n ,一1a!", max_size=200), st.integers(0, 200))
def test_sentences_hold_every_word_once_and_in_order(text: str, cut: int) -> None:
    sentences = split_clause(clause_over(text, min(cut, len(text))), text)
    spans = [span for sentence in sentences for span in sentence.spans]
    assert spans == sorted(spans)
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())


def test_line_that_breaks_off_runs_on_into_the_next_span() -> None:
    text = "申请人应当在购买之日起三十日内向市商务局或者区商务部门提出书\n面申请。逾期不予受理。"
    break_at = text.index("\n") + 1
    first, second = split_clause(clause_over(text, break_at), text)
    assert first.text == "申请人应当在购买之日起三十日内向市商务局或者区商务部门提出书面申请。"
    assert len(first.spans) == 2
    assert second.text == "逾期不予受理。"


def test_row_of_a_table_is_a_sentence_of_its_own() -> None:
    text = "1 | 云湖数科有限公司 | 行业方案 | 北岸区 | 冷链监测 | 57\n2 | 云湖诊断中心 | 诊断机构 | 南岸区 | 诊断 | 215"
    assert [s.text for s in split_clause(clause_over(text), text)] == text.split("\n")


def test_short_sentence_keeps_its_semicolons() -> None:
    text = "甲类三百元;乙类二百元。"
    assert [s.text for s in split_clause(clause_over(text), text)] == [text]


def test_line_break_between_chinese_characters_is_not_shown() -> None:
    assert shown("补贴\n标准") == "补贴标准"
    assert shown("Article 1\nScope") == "Article 1 Scope"


def test_neighbouring_spans_become_one() -> None:
    assert merge_spans([(0, 2), (3, 5)], "甲乙 丙丁") == ((0, 5),)
    assert merge_spans([(0, 2), (3, 5)], "甲乙\n丙丁") == ((0, 2), (3, 5))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("五万元以上五十万元以下", "5万元以上50万元以下"),
        ("百分之三十", "30%"),
        ("三十日内", "30日内"),
        ("1.2亿元", "12000万元"),
        ("十五个工作日", "15个工作日"),
    ],
)
def test_figure_is_the_same_however_it_is_printed(one: str, other: str) -> None:
    assert figures(one) == figures(other)


def test_figure_of_another_unit_or_value_is_not_borne_out() -> None:
    assert unborne_figures("补贴三百元", "每台补贴300元") == set()
    assert unborne_figures("补贴三千元", "每台补贴300元")
    assert unborne_figures("补贴30%", "每台补贴30元")


def test_names_are_titles_bodies_and_quoted_words() -> None:
    assert "云湖市条例" in names("按照《云湖市条例》执行")
    assert unborne_names("由财政部拨付", "由市财政局拨付") == {"财政部"}
    assert unborne_names("由市财政局拨付", "由市财政局拨付") == set()


@given(st.text(max_size=60))
def test_quoted_brackets_never_become_markers(text: str) -> None:
    assert not MARKER.search(quiet(text))


@given(st.text(max_size=60))
def test_figures_and_names_are_read_off_any_text(text: str) -> None:
    assert unborne_figures(text, text) == set()
    figures(text)
    names(text)


def test_document_without_number_is_addressed_by_title_and_place() -> None:
    from qa.address import address
    from qa.language import Language

    document = PolicyDocument(doc_id="d", title="云湖市泊位办法", source="a.txt")
    clause = Clause("c", ("第二章 收费", "第五条"), "第五条", "", ((0, 1),), "甲")
    assert address(clause, document, Language.ZH) == "《云湖市泊位办法》第二章 收费 › 第五条"
