from __future__ import annotations

import pytest

from ui.citation import official, place, step


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (["第六章 法律责任", "第四十五条"], "第四十五条"),
        (["第二章 补贴", "第十二条之一", "（二）提交材料"], "第十二条之一（二）"),
        (["三、主要任务", "(一)强化创新", "1、加快攻关"], "三、(一)1"),
        (["Chapter II Support", "Article 7"], "Article 7"),
        (["专栏1 重点工程"], "专栏1"),
    ],
)
def test_place_keeps_the_labels_that_a_citation_needs(path: list[str], expected: str) -> None:
    assert place(path) == expected


def test_official_citation_names_title_number_and_article() -> None:
    cited = official("柳河市绿色出行补贴办法", "柳交发〔2030〕9号", ["第二章 补贴标准", "第二条"])
    assert cited == "《柳河市绿色出行补贴办法》（柳交发〔2030〕9号）第二条"


def test_an_english_text_is_cited_in_english() -> None:
    path = ["Chapter II Support", "Article 7"]
    assert official("Liuhe Cycling Measures", "LH 2030-9", path) == "“Liuhe Cycling Measures” (LH 2030-9), Article 7"
    assert official("Liuhe Cycling Measures", None, []) == "“Liuhe Cycling Measures”"


def test_title_marks_are_not_doubled() -> None:
    assert official("《行动计划》", None, ["一、目标"]) == "《行动计划》一"


def test_a_title_that_begins_with_another_documents_name_keeps_its_marks() -> None:
    assert official("《行动计划》政策解读", None, ["一、目标"]) == "《〈行动计划〉政策解读》一"


def test_an_unnumbered_part_is_named_by_its_heading() -> None:
    assert official("通报", None, ["总体情况"]) == "《通报》“总体情况”部分"


def test_a_document_without_a_path_is_cited_as_a_whole() -> None:
    assert official("通报", "柳办〔2030〕1号", []) == "《通报》（柳办〔2030〕1号）"


def test_a_step_that_is_a_whole_sentence_is_shown_by_its_label() -> None:
    assert step("（一）轻量化改造项目按实际投资额的百分之二十给予补贴") == "（一）"
    assert step("二、补贴标准") == "二、补贴标准"
