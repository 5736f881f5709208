from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.metrics.alce import alce_citations, literal_support
from eval.metrics.citations import citation_precision, citation_recall, first_citation
from eval.metrics.crag import crag_score
from eval.metrics.facts import complete, fact_recall, folded, shows
from eval.metrics.numbers import number_support, numbers_in
from eval.metrics.quotation import is_literal, quotation_literalness
from eval.metrics.refusals import count_refusals
from eval.sentences import sentence_spans, sentences, statements
from ingest.model import Clause, SourceText
from qa.reply import Citation

from ..conftest import MemoryCorpus

NONE: frozenset[int] = frozenset()


def test_citation_precision_recall_and_first_by_hand() -> None:
    touched = [NONE, {0}, {0}, NONE]
    assert citation_precision(touched) == 0.5
    assert citation_recall(touched, 2) == 0.5
    assert first_citation(touched) == 0.0
    assert citation_precision([]) is None
    assert citation_recall([], 2) == 0.0
    assert first_citation([]) == 0.0


@pytest.mark.parametrize(
    ("text", "fact", "found"),
    [
        ("共 39.2 万亿元[1],占比38.6%。", "39.2万亿", True),
        ("５个大类", "5个大类", True),
        ("15个大类", "5个大类", False),
        ("高于0.5%", "5%", False),
        ("(2)5个大类", "5个大类", True),
        ("占100%", "10%", False),
        ("占10[1]%", "10%", True),
        ("2010年", "10%", False),
        ("投资1,200万元", "1200万元", True),
        ("“专精特新”企业", "专精特新", True),
        ("By the OECD and the BEA", "oecd", True),
        ("2021—2023年", "2021-2023年", True),
        ("见[12]号令", "12号令", False),
    ],
)
def test_a_fact_is_found_in_any_writing_but_not_inside_another_number(text: str, fact: str, found: bool) -> None:
    assert shows(text, [fact]) is found


def test_fact_recall_takes_any_accepted_spelling() -> None:
    must = [["网信办", "中央网信办"], ["2020年"], ["工信部"]]
    assert fact_recall("2020年由中央网信办发布", must) == pytest.approx(2 / 3)
    assert complete("2020年由中央网信办发布", must) == 0.0
    assert complete("2020年由中央网信办、工信部发布", must) == 1.0
    assert fact_recall("", []) is None
    assert complete("", []) is None


@settings(deadline=None)  # the machine may be busy; what is tested is not speed
@given(st.text(alphabet="甲乙ab12９.%,， —“”()%０\n", max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    once = folded(text)
    assert folded(once) == once


def test_refusals_by_hand() -> None:
    counts = count_refusals([True, True, True, False, False], [False, True, False, True, False])
    assert (counts.right, counts.false, counts.missed, counts.answered) == (1, 1, 1, 2)
    assert counts.precision == 0.5
    assert counts.recall == 0.5
    assert counts.false_refusal_rate == pytest.approx(1 / 3)


def test_refusal_ratios_are_undefined_where_nothing_is_counted() -> None:
    counts = count_refusals([True], [False])
    assert counts.precision is None
    assert counts.recall is None


@pytest.mark.parametrize(
    ("answerable", "refused", "facts", "cites_gold", "score"),
    [
        (False, True, None, False, 1.0),
        (False, False, None, False, -1.0),
        (True, True, 0.0, False, 0.0),
        (True, False, 1.0, True, 1.0),
        (True, False, 0.5, True, 0.5),
        (True, False, 0.5, False, -1.0),
        (True, False, 0.0, True, -1.0),
        (True, False, None, True, 1.0),
        (True, False, None, False, -1.0),
    ],
)
def test_crag_grades(answerable: bool, refused: bool, facts: float | None, cites_gold: bool, score: float) -> None:
    assert crag_score(answerable=answerable, refused=refused, facts=facts, cites_gold=cites_gold) == score


def test_sentences_end_at_chinese_stops_and_keep_their_markers() -> None:
    text = "《办法》规定:“应当备案。”[1]费用为1.5万元;另收押金[2]。\n第三条 停放有序"
    assert sentences(text) == ("《办法》规定:“应当备案。”[1]", "费用为1.5万元;", "另收押金[2]。", "第三条 停放有序")
    assert sentences("It costs 1.5 yuan. Pay on time.") == ("It costs 1.5 yuan.", "Pay on time.")
    assert sentences("[1]") == ()


@settings(deadline=None)  # the machine may be busy; what is tested is not speed
@given(st.text(alphabet="甲乙。!;\n [1]“”.5", max_size=30))
def test_sentence_spans_are_ordered_and_lie_within_the_text(text: str) -> None:
    end = 0
    for start, stop in sentence_spans(text):
        assert end <= start < stop <= len(text)
        end = stop


PASSAGES = {1: "企业每年投放车辆不得超过1200辆。", 2: "损坏率不得高于5%。", 3: "押金应当专户存放。"}


def test_alce_recall_and_precision_by_hand() -> None:
    # first: supported by [1]; [3] adds nothing. second: cites the wrong passage. third: cites nothing.
    answer = "企业每年投放车辆不得超过1200辆[1][3]。损坏率不得高于5%[3]。押金应当专户存放。"
    score = alce_citations(answer, PASSAGES)
    assert score.recall == pytest.approx(1 / 3)
    assert score.precision == pytest.approx(1 / 3)


def test_a_marker_at_the_end_stands_for_the_whole_quotation() -> None:
    answer = "文件规定:\n每年投放不得超过1200辆。损坏率不得高于5%[1][2]。\n——《云汀市共享单车管理办法》第三条\n另一句。"
    assert [(s.text, s.markers) for s in statements(answer)] == [
        ("每年投放不得超过1200辆。", (1, 2)),
        ("损坏率不得高于5%。", (1, 2)),
        ("另一句。", ()),
    ]


def test_a_stop_inside_a_title_ends_no_sentence() -> None:
    assert sentences("见《什么是单车?一图读懂》第三条。完") == ("见《什么是单车?一图读懂》第三条。", "完")
    assert statements("押金99元[1]。\n——《什么是单车?一图读懂》三、押金\n— “单车?” 押金") == (
        statements("押金99元[1]。")
    )


def test_alce_counts_two_citations_that_are_needed_together() -> None:
    score = alce_citations("每年投放车辆不得超过1200辆,损坏率不得高于5%[1][2]。", PASSAGES)
    assert (score.recall, score.precision) == (1.0, 1.0)


def test_alce_takes_another_judge_of_support() -> None:
    assert alce_citations("随便一句[1]。", PASSAGES, supports=lambda premise, statement: True).recall == 1.0
    assert alce_citations("", PASSAGES).recall is None


def test_literal_support_needs_every_number() -> None:
    assert literal_support("企业每年投放车辆不得超过1200辆。", "投放车辆不得超过1200辆")
    assert not literal_support("企业每年投放车辆不得超过1200辆。", "投放车辆不得超过1300辆")


def test_numbers_are_found_in_both_numeral_systems() -> None:
    assert numbers_in("１,２００辆,占38.6%,十二个月,三年,一般") == ("1200", "38.6%", "十二", "三")


def test_an_invented_number_has_no_support(corpus: MemoryCorpus, clause: Callable[[str], Clause]) -> None:
    third = clause("第三条")
    cited = (Citation(1, third, corpus.held[0], third.text, third.spans),)
    assert number_support(f"{third.text}[1]", cited) == 1.0
    assert number_support("每年不得超过1200辆,罚款900元[1]。", cited) == 0.5
    assert number_support("每年不得超过900辆[1]。", cited, question="能投900辆吗") is None
    assert number_support("", ()) is None
    assert number_support("1. 不得超过1200辆[1]。\n2. 39.2万辆[1]。", cited) == 0.5


SOURCE = SourceText("a.txt", "云汀日志\n第一条 车辆应当\n云汀日志\n12\n有序停放。\n云汀日志\n第二条 完", furniture=())


def test_the_count_of_an_answers_own_items_needs_no_source(
    corpus: MemoryCorpus, clause: Callable[[str], Clause]
) -> None:
    third = clause("第三条")
    cited = (Citation(1, third, corpus.held[0], third.text, third.spans),)
    assert number_support("共列2项:\n- 不超过1200辆[1]。\n- 不高于5%[1]。", cited) == 1.0
    assert number_support("共列7项:\n- 不超过1200辆[1]。\n- 不高于5%[1]。", cited) == pytest.approx(2 / 3)


def test_a_quotation_may_leave_out_furniture_and_nothing_else() -> None:
    span = ((5, 27),)
    assert is_literal("第一条 车辆应当\n有序停放。", span, SOURCE)
    assert is_literal(SOURCE.text[5:27], span, SOURCE)
    assert not is_literal("第一条 车辆\n有序停放。", span, SOURCE)
    assert not is_literal("第一条 车辆必须\n有序停放。", span, SOURCE)
    assert not is_literal("第一条", ((5, 999),), SOURCE)
    assert not is_literal("第一条", (), SOURCE)


def test_a_quotation_may_leave_out_markup() -> None:
    source = SourceText("a.md", "应当**逐项**登记", markup=((2, 4), (6, 8)))
    assert is_literal("应当逐项登记", ((0, 10),), source)
    assert is_literal("逐项登记", ((3, 10),), source)
    assert not is_literal("应当项登记", ((0, 10),), source)


def test_quotation_literalness_is_a_share() -> None:
    assert quotation_literalness([True, True, False, True]) == 0.75
    assert quotation_literalness([]) is None
