from __future__ import annotations

import pytest

from eval.gold import GoldResolver, clauses_at, line_span, line_starts
from eval.labels import number_of, same_label, same_title
from eval.question import GoldEntry, Question
from ingest.model import Clause, PolicyDocument

from .conftest import FILE, TEXT, TITLE, MemoryCorpus


def labels(clauses: tuple[Clause, ...]) -> list[str]:
    return [c.label for c in clauses]


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("第四十五条", "第45条"),
        ("第12条 罚则", "第12条"),
        ("第十二条之一", "第12条之1"),
        ("第二〇条", "第20条"),
        ("一、总体要求", "一"),
        ("(三)引导", "三"),
        ("1.供应链", "1"),
        ("05 《分类》", "5"),
        ("3.1.2 术语", "3.1.2"),
        ("专栏3 工程", "专栏3"),
        ("附件一", "附件1"),
        ("Article 12 Penalties", "article12"),
        ("一是", "一是"),
        ("一体化发展", ""),
        ("2021年工作", ""),
        ("总体要求", ""),
    ],
)
def test_the_number_of_a_label(label: str, number: str) -> None:
    assert number_of(label) == number


def test_an_inserted_article_is_not_the_article_before_it() -> None:
    assert not same_label("第十二条", "第十二条之一")


def test_a_shortened_label_names_the_whole_one() -> None:
    assert same_label("(三)", "(三)引导地方探索")
    assert same_label("总体要求", "一、总体要求")
    assert same_label("黑龙江", "黑龙江:推进大数据中心建设")


def test_titles_compare_without_punctuation_and_width() -> None:
    assert same_title("云汀市共享单车管理办法(试行)", "云汀市 共享单车管理办法（试行）")


def test_a_path_names_the_clause_and_all_below_it(corpus: MemoryCorpus) -> None:
    document = corpus.held[0]
    assert labels(clauses_at(document, ("第二章", "第四条"))) == ["第四条", "(一)", "(二)"]
    assert labels(clauses_at(document, ("第二章 投放", "第4条", "(二)"))) == ["(二)"]


def test_a_level_more_or_less_above_does_not_lose_the_clause(corpus: MemoryCorpus) -> None:
    document = corpus.held[0]
    assert labels(clauses_at(document, ("第五条",))) == ["第五条"]
    assert labels(clauses_at(document, ("附件", "第一编", "第三章", "第五条"))) == ["第五条"]


def test_a_path_that_is_not_there_gives_nothing(corpus: MemoryCorpus) -> None:
    assert clauses_at(corpus.held[0], ("第九条",)) == ()
    assert clauses_at(corpus.held[0], ("第一章", "第五条", "(九)")) == ()


def test_where_numbering_starts_again_the_fuller_agreement_wins() -> None:
    clauses = tuple(
        Clause(str(i), path, "", "", ((i, i + 1),), "x")
        for i, path in enumerate([("一、基本条件", "1.注册"), ("一、自荐条件", "1.注册")])
    )
    document = PolicyDocument("d", "条件", "f", clauses=clauses)
    assert [c.clause_id for c in clauses_at(document, ("一、自荐条件", "1."))] == ["1"]


def test_lines_win_over_the_path_and_cover_the_line(corpus: MemoryCorpus) -> None:
    entry = GoldEntry(TITLE, ("第九条",), lines=(6,), file=FILE)
    resolved = GoldResolver(corpus).entry(entry)
    (start, end) = resolved.places[0].spans[0]
    assert TEXT[start:end].startswith("第三条")
    assert not resolved.problem


def test_a_title_may_be_an_alias_or_a_part_of_the_title(corpus: MemoryCorpus) -> None:
    resolver = GoldResolver(corpus)
    assert resolver.find_documents("单车办法")[0].title == TITLE
    assert resolver.find_documents("共享单车管理办法")[0].title == TITLE
    assert resolver.find_documents("停车场条例") == ()


def test_what_cannot_be_placed_says_why(corpus: MemoryCorpus) -> None:
    resolver = GoldResolver(corpus)
    assert "no document" in resolver.entry(GoldEntry("停车场条例", ("第一条",))).problem
    assert "has no clause" in resolver.entry(GoldEntry(TITLE, ("第九条",))).problem
    assert "beyond" in resolver.entry(GoldEntry(TITLE, lines=(999,))).problem
    assert "beyond" in resolver.entry(GoldEntry(TITLE, spans=((0, 10_000),))).problem


def test_an_alternative_is_as_good_as_all_of_the_gold(corpus: MemoryCorpus) -> None:
    question = Question(
        "q",
        "?",
        gold=(GoldEntry(TITLE, ("第三条",)), GoldEntry(TITLE, ("第五条",))),
        alt_gold=(GoldEntry(TITLE, ("第一条",)),),
    )
    gold = GoldResolver(corpus).resolve(question)
    spans = {c.label: c.spans for c in corpus.held[0].clauses}
    assert gold.touched(FILE, spans["第五条"]) == {1}
    assert gold.touched(FILE, spans["第一条"]) == {0, 1}
    assert gold.touched("other.txt", spans["第一条"]) == frozenset()
    assert gold.touched(FILE, spans["第二条"]) == frozenset()


def test_line_spans_leave_out_white_space_and_blank_lines() -> None:
    text = "甲\n  乙 \n\n丙"
    starts = line_starts(text)
    assert [line_span(text, starts, n) for n in (1, 2, 3, 4)] == [(0, 1), (4, 5), None, (8, 9)]


def test_another_articles_item_is_never_taken_for_it(corpus: MemoryCorpus) -> None:
    assert clauses_at(corpus.held[0], ("第二章", "第三条", "(二)")) == ()


def test_an_empty_path_names_the_text_under_no_label() -> None:
    clauses = tuple(
        Clause(str(i), path, path[-1] if path else "", "", ((i, i + 1),), "x")
        for i, path in enumerate([(), ("一、总体要求",), ()])
    )
    document = PolicyDocument("d", "新闻", "f", clauses=clauses)
    assert [c.clause_id for c in clauses_at(document, ())] == ["0", "2"]
    assert [c.clause_id for c in clauses_at(document, ("导语",))] == ["0", "2"]
