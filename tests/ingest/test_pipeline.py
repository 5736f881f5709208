"""What holds for every text, and what a document's tree looks like for the ordinary numbering of official texts."""

from __future__ import annotations

import dataclasses
import random
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.model import Kind, ParsedFile, PolicyDocument, SourceText, Status, quote
from ingest.pipeline import parse_bytes, parse_source

REGULATION = """云溪市公共自行车管理办法

云政规〔2025〕3号

第一章 总则

第一条 为了方便市民出行，规范公共自行车的投放和使用，制定本办法。
第二条 本市行政区域内公共自行车的投放、使用和管理，适用本办法。
第三条 公共自行车运营单位应当履行下列义务：
（一）每周检修车辆；
（二）及时清理乱停放的车辆；
（三）法律、法规规定的其他义务。
运营单位违反前款规定的，依照本办法第五条处理。

第二章 罚则

第五条 运营单位违反本办法第三条规定的，由市城市管理局责令改正；拒不改正的，处一千元罚款。
第五条之一 破坏车辆的，依照《中华人民共和国治安管理处罚法》第四十九条处罚。
第六条 本办法自2025年5月1日起施行，有效期5年。
"""

PLAN = """云溪市人民政府办公室关于印发《云溪市茶产业三年行动计划》的通知
云政办发〔2026〕7号
各县（区）人民政府，市政府各部门：
《云溪市茶产业三年行动计划》已经市政府同意，现印发给你们，请认真执行。
云溪市人民政府办公室
2026年3月2日

云溪市茶产业三年行动计划

为做强茶产业，制定本计划。
一、总体要求
（一）发展目标
到2028年，茶园面积达到三十万亩。
二、主要任务
（一）改良品种
1.建设种质资源圃。收集本地老茶树一千株。
2.推广无性系良种。新建茶园一律使用无性系种苗。
（二）做强加工
1.改造初制厂。三年改造初制厂六十家。
专栏1 初制厂改造
每家补助设备款的百分之三十。
三、保障措施
（一）加强领导
市农业农村局牵头落实。
"""


def only(parsed: ParsedFile) -> PolicyDocument:
    (document,) = parsed.documents
    return document


def parsed(text: str, name: str = "文件.txt") -> ParsedFile:
    return parse_source(SourceText(name, text))


def paths(document: PolicyDocument) -> list[str]:
    return [" › ".join(clause.path) for clause in document.clauses]


def test_articles_stand_in_chapters_and_items_in_articles() -> None:
    document = only(parsed(REGULATION))
    found = paths(document)
    assert "第一章 总则 › 第三条 › （一）每周检修车辆" in found
    assert "第二章 罚则 › 第五条之一" in found


def test_inserted_article_keeps_its_own_number() -> None:
    labels = [clause.label for clause in only(parsed(REGULATION)).clauses]
    assert labels.index("第五条之一") == labels.index("第五条") + 1


def test_text_behind_the_items_belongs_to_the_article() -> None:
    article = next(c for c in only(parsed(REGULATION)).clauses if c.label == "第三条")
    assert article.text.endswith("依照本办法第五条处理。")
    assert "每周检修" not in article.text
    assert len(article.spans) == 2


def test_particulars_are_read_from_the_text() -> None:
    document = only(parsed(REGULATION))
    assert document.title == "云溪市公共自行车管理办法"
    assert (document.number, document.kind, document.status) == ("云政规〔2025〕3号", Kind.NORMATIVE, Status.IN_FORCE)
    assert (document.effective_on, document.expires_on) == (date(2025, 5, 1), date(2030, 4, 30))
    assert document.region == "云溪市"


@pytest.mark.parametrize("brackets", ["〔〕", "﹝﹞", "[]", "【】", "()", "（）"])
def test_document_numbers_are_read_in_every_bracket(brackets: str) -> None:
    number = f"云政规{brackets[0]}2025{brackets[1]}3号"
    assert only(parsed(REGULATION.replace("云政规〔2025〕3号", number))).number == number


def test_missing_article_is_reported() -> None:
    document = only(parsed(REGULATION))
    assert document.missing == ("第四条",)
    assert any("第四条" in warning for warning in document.warnings)


def test_references_lead_to_clauses_or_name_what_is_elsewhere() -> None:
    document = only(parsed(REGULATION))
    by_label = {clause.label: clause for clause in document.clauses}
    third, fifth, inserted = by_label["第三条"], by_label["第五条"], by_label["第五条之一"]
    assert [(r.text, r.target_clause) for r in third.references][-1] == ("第五条", fifth.clause_id)
    assert [(r.text, r.target_clause) for r in fifth.references] == [("第三条", third.clause_id)]
    assert {r.named for r in inserted.references} == {"中华人民共和国治安管理处罚法"}


def test_a_notice_and_the_plan_that_it_issues_are_two_documents() -> None:
    notice, plan = parsed(PLAN).documents
    assert (notice.kind, plan.kind) == (Kind.NOTICE, Kind.PLAN)
    assert plan.title == "云溪市茶产业三年行动计划"
    assert plan.number == notice.number == "云政办发〔2026〕7号"
    assert plan.issuers == notice.issuers == ("云溪市人民政府办公室",)
    assert plan.issued_on == date(2026, 3, 2)


def test_plan_numbering_nests_as_printed() -> None:
    found = paths(parsed(PLAN).documents[1])
    assert "二、主要任务 › （一）改良品种 › 1.建设种质资源圃" in found
    assert "二、主要任务 › （二）做强加工 › 专栏1 初制厂改造" in found


def test_a_line_that_wraps_at_an_article_number_is_no_article() -> None:
    text = REGULATION.replace("依照本办法第五条处理。", "依照本办法\n第五条规定的标准处理。")
    labels = [clause.label for clause in only(parsed(text)).clauses]
    assert labels.count("第五条") == 1


def test_running_headers_page_numbers_and_contents_are_in_no_clause() -> None:
    pages = REGULATION.split("\n\n")
    text = "目 录\n第一章 总则\n第二章 罚则\n\n" + "\n\n".join(
        f"{page}\n\n— {n} —\n\n云溪市人民政府公报" for n, page in enumerate(pages, start=1)
    )
    document = only(parsed(text))
    held = "\n".join(clause.text for clause in document.clauses)
    assert "公报" not in held
    assert "— 1 —" not in held
    assert held.count("第二章 罚则") == 1


def test_ids_stay_when_something_else_in_the_file_changes() -> None:
    before = {c.path: c.clause_id for c in only(parsed(REGULATION)).clauses}
    longer = REGULATION.replace("每周检修车辆", "每周检修车辆并登记").replace("规范公共自行车", "进一步规范公共自行车")
    after = {c.path: c.clause_id for c in only(parsed(longer)).clauses}
    assert all(after[path] == clause_id for path, clause_id in before.items() if path in after)
    assert len(before.keys() & after.keys()) >= len(before) - 1


def test_repeated_labels_have_ids_of_their_own() -> None:
    text = "标题行\n\n第一条 甲方应当按时交付。\n第一条 乙方应当按时付款。\n"
    ids = [clause.clause_id for clause in only(parsed(text)).clauses]
    assert len(ids) == len(set(ids))


def test_a_very_deep_outline_is_listed_flat_below_the_deepest_level() -> None:
    lines = [".".join(["1"] * min(depth, 6)) + f" 第{depth}层标题" for depth in range(1, 10_000)]
    document = only(parsed("深层标准\n\n" + "\n".join(lines)))
    assert max(len(clause.path) for clause in document.clauses) <= 16


def test_a_line_of_five_million_characters_is_one_clause() -> None:
    document = only(parsed("长行文件\n\n第一条 " + "测" * 5_000_000 + "。\n第二条 其余事项。\n"))
    assert [c.label for c in document.clauses if c.label] == ["第一条", "第二条"]


def test_bytes_are_read_by_their_format() -> None:
    assert only(parse_bytes("办法.txt", REGULATION.encode("gb18030"))).title == "云溪市公共自行车管理办法"


PIECES = st.sampled_from(
    [
        *("第一章 总则", "第二条 应当登记。", "第三条之一 可以延期", "一、目标", "（一）原则", "(二)任务。", "1.培训"),
        *(
            "2、检查",
            "① 名称",
            "——更好。",
            "一是修路，二是通水。",
            "二是通水。",
            "附件1",
            "专栏2 工程",
            "来源:云溪日报",
        ),
        *(
            "云政发〔2025〕1号",
            "关于印发《云溪市养犬办法》的通知",
            "云溪市养犬办法",
            "各县（区）人民政府：",
            "2025年3月1日",
        ),
        *(
            "云溪市人民政府",
            "目 录",
            "3",
            "— 4 —",
            "问：怎么办？",
            "答：先申请。",
            "Article 3 Scope",
            "NO.1 | 壹",
            "01",
        ),
        "这一段话在半句处断开而没有句号因为页面到了尽头下面的文字在另一页上继续，",
        "这是完整的一段话，说明登记的期限是三十日。",
        *("", "", "  ", "\u3000\u3000", "\ufeff", "|a | b|"),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=400),
    st.lists(PIECES, max_size=40).map("\n".join),
    st.lists(st.one_of(PIECES, st.text(max_size=30)), max_size=30).map("\n".join),
)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_spans_lie_in_the_text_and_quote_it(text: str) -> None:
    for document in parsed(text).documents:
        for clause in document.clauses:
            assert all(0 <= start < end <= len(text) for start, end in clause.spans)
            assert clause.text == quote(text, clause.spans)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_no_character_is_in_two_clauses(text: str) -> None:
    spans = sorted(s for d in parsed(text).documents for c in d.clauses for s in c.spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_ids_are_unique_and_parents_come_first(text: str) -> None:
    file = parsed(text)
    seen: set[str] = set()
    for document in file.documents:
        for clause in document.clauses:
            assert clause.parent_id is None or clause.parent_id in seen
            assert clause.clause_id not in seen
            seen.add(clause.clause_id)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_parsing_twice_gives_the_same(text: str) -> None:
    assert parsed(text) == parsed(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=30))
def test_every_printed_character_is_in_a_clause_unless_the_file_has_pages(pieces: list[str]) -> None:
    text = "\n".join(piece for piece in pieces if not piece.strip("—- ").isdigit() and piece != "目 录")
    file = parsed(text)
    held = [False] * len(text)
    for document in file.documents:
        for clause in document.clauses:
            for start, end in clause.spans:
                held[start:end] = [True] * (end - start)
    lost = [c for i, c in enumerate(text) if not held[i] and not c.isspace() and c != "\ufeff"]
    assert not lost or file.warnings


def test_lines_shuffled_at_random_do_no_harm() -> None:
    lines = (REGULATION + PLAN).split("\n")
    for seed in range(20):
        random.Random(seed).shuffle(lines)
        file = parsed("\n".join(lines))
        assert all(dataclasses.asdict(document)["title"] for document in file.documents)
