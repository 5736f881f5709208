from __future__ import annotations

from datetime import date

import pytest

from ingest.dates import lifetime
from ingest.gaps import chinese
from ingest.issuers import issuers_of
from ingest.kinds import kind_of, status_of
from ingest.membership import is_headline
from ingest.model import Kind, SourceText, Status
from ingest.numerals import number
from ingest.pipeline import parse_source
from ingest.regions import region_of


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("云溪市公共数据条例", Kind.REGULATION),
        ("云溪市公共自行车管理办法（试行）", Kind.RULE),
        ("中华人民共和国渔港法", Kind.LAW),
        ("云溪市数字经济发展“十五五”规划", Kind.PLAN),
        ("云溪市茶产业三年行动计划（2026—2028年）", Kind.PLAN),
        ("关于印发《云溪市茶产业三年行动计划》的通知", Kind.NOTICE),
        ("《云溪市茶产业三年行动计划》解读", Kind.INTERPRETATION),
        ("在全市渔港建设会议上的讲话", Kind.SPEECH),
        ("云溪市第三批老字号名单", Kind.LIST),
        ("关于支持夜间经济的若干措施", Kind.NORMATIVE),
        ("渔港设备统计分类", Kind.STANDARD),
    ],
)
def test_kind_is_read_from_the_title(title: str, kind: Kind) -> None:
    assert kind_of(title, [], headline=is_headline(title)) is kind


def test_headlines_are_told_from_names_of_texts() -> None:
    assert is_headline("三部门印发《渔港安全管理规定》(附解读)")
    assert is_headline("渔港新规来了!")
    assert not is_headline("关于印发《渔港安全管理规定》的通知")
    assert not is_headline("渔港安全管理规定(试行)")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("本办法自2025年5月1日起施行。", date(2025, 5, 1), None),
        ("本办法自二〇二五年五月一日起施行。", date(2025, 5, 1), None),
        ("本措施自2025年9月1日起施行，有效期3年。", date(2025, 9, 1), date(2028, 8, 31)),
        ("本方案自2022年4月1日起施行，有效期至2024年12月31日。", date(2022, 4, 1), date(2024, 12, 31)),
        ("本法自 年 月 日起施行。", None, None),
        ("自2025年13月40日起施行。", None, None),
        ("These Measures take effect on 1 September 2025.", date(2025, 9, 1), None),
    ],
)
def test_days_of_effect_and_expiry_are_read(text: str, start: date | None, end: date | None) -> None:
    assert lifetime(text) == (start, end)


def test_status_says_unknown_where_the_text_does_not_tell() -> None:
    assert status_of("渔港管理条例（草案）", "", Kind.REGULATION) is Status.DRAFT
    assert status_of("渔港管理办法（试行）", "", Kind.RULE) is Status.TRIAL
    assert status_of("渔港管理办法", "本办法自2025年5月1日起施行。", Kind.RULE) is Status.IN_FORCE
    assert status_of("渔港管理办法", "", Kind.RULE) is Status.UNKNOWN


def test_region_is_the_place_that_speaks_and_not_a_place_spoken_of() -> None:
    assert region_of("云溪市渔港管理办法", (), None) == "云溪市"
    assert region_of("渔港管理办法", ("云溪市人民政府",), None) == "云溪市"
    assert region_of("全国渔港名单", (), None) is None


def test_issuers_of_a_title_are_separate() -> None:
    title = "云溪市水务局 云溪市财政局关于印发《节水办法》的通知"
    assert issuers_of(title, [], [], headline=False) == ("云溪市水务局", "云溪市财政局")


def test_short_form_that_a_text_defines_is_an_alias_of_what_it_names() -> None:
    text = (
        "《云溪市渔港三年行动计划》解读\n来源:云溪日报\n\n"
        "近日印发的《云溪市渔港三年行动计划》（以下简称《行动计划》）提出三项目标。\n\n"
        "云溪市渔港三年行动计划\n云政发〔2026〕9号\n\n一、目标\n到2028年，建成渔港六座。\n二、措施\n市渔业局牵头。\n"
    )
    explained, plan = parse_source(SourceText("汇编.txt", text)).documents
    assert "行动计划" in plan.aliases
    assert "行动计划" not in explained.aliases


def test_numbers_in_chinese_read_back() -> None:
    assert all(number(chinese(value)) == value for value in range(1, 2000))
