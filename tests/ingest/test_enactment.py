"""The lines below a law's title: who made it, the days that it was made, made known and amended, under which number."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.dates import first_day, lifetime, western
from ingest.model import Kind, PolicyDocument
from ingest.pipeline import parse_bytes

BODY = """
第一章 总则
第一条 为了保障渡口安全,制定本法。
第二条 渡口的经营适用本法。
第二章 附则
第三条 渡船每年检验一次。
"""


def law(head: str, end: str = "第四条 本法自2031年5月1日起施行。", body: str = BODY) -> PolicyDocument:
    (document,) = parse_bytes("渡口.txt", f"{head}\n{body}{end}\n".encode()).documents
    return document


@pytest.mark.parametrize(
    ("note", "issued", "amended", "issuers", "number"),
    [
        (
            "(2031年3月9日云溪市第九届人民代表大会常务委员会第十二次会议通过)",
            date(2031, 3, 9),
            None,
            ("云溪市第九届人民代表大会常务委员会",),
            None,
        ),
        (
            "(2021年3月9日云溪市第七届人民代表大会常务委员会第三次会议通过 根据2024年8月2日云溪市第八届人民代表大会"
            "常务委员会第九次会议《关于修改部分地方性法规的决定》第一次修正 根据2029年12月1日云溪市第八届人民代表大会"
            "常务委员会第三十次会议《关于修改〈云溪市养犬条例〉等三件地方性法规的决定》第二次修正)",
            date(2021, 3, 9),
            date(2029, 12, 1),
            ("云溪市第七届人民代表大会常务委员会",),
            None,
        ),
        (
            "(2023年4月27日中华人民共和国国务院令第975号公布\n根据2030年12月20日《国务院关于修改〈渡口法〉的决定》修订)",
            date(2023, 4, 27),
            date(2030, 12, 20),
            ("中华人民共和国国务院",),
            "中华人民共和国国务院令第975号",
        ),
        (
            "(2032年4月8日国务院第20次常务会议通过 2032年4月28日中华人民共和国国务院令第919号公布 自公布之日起施行)",
            date(2032, 4, 28),
            None,
            ("中华人民共和国国务院",),
            "中华人民共和国国务院令第919号",
        ),
        (
            "2023年10月8日云溪市第七届人民代表大会常务委员会第五次会议通过\n2031年4月29日云溪市第九届人民代表大会常务委员会"
            "第二次会议第三次修正",
            date(2023, 10, 8),
            date(2031, 4, 29),
            ("云溪市第七届人民代表大会常务委员会",),
            None,
        ),
        (
            "云溪市人民代表大会常务委员会\n2031年4月29日修正",
            None,
            date(2031, 4, 29),
            ("云溪市人民代表大会常务委员会",),
            None,
        ),
        ("(2032年10月1日公布 自2032年11月1日起施行)", date(2032, 10, 1), None, (), None),
    ],
)
def test_note_below_the_title_is_read(
    note: str, issued: date | None, amended: date | None, issuers: tuple[str, ...], number: str | None
) -> None:
    document = law(f"云溪市渡口条例\n{note}")
    assert document.issued_on == issued
    assert document.revised_on == amended
    assert document.issuers == issuers
    assert document.number == number
    title, first, *_ = document.clauses
    assert title.path == ("题名",)
    assert all(line in title.text for line in note.split("\n"))
    assert first.path == ("第一章 总则",)


def test_what_the_state_council_issues_by_order_is_a_regulation() -> None:
    document = law("渡船船员劳动保护特别规定\n(2032年4月28日中华人民共和国国务院令第919号公布 自公布之日起施行)")
    assert document.kind is Kind.REGULATION


def test_law_that_applies_from_its_promulgation_applies_from_that_day() -> None:
    note = "(2032年1月22日中华人民共和国国务院令第858号发布 自发布之日起施行)"
    assert law(f"渡口保险条例\n{note}", "第四条 渡口经营者应当投保。").effective_on == date(2032, 1, 22)
    own = law("云溪市渡口管理办法\n云溪市人民政府令第71号\n2032年9月18日", "第四条 本办法自发布之日起施行。")
    assert own.effective_on == own.issued_on == date(2032, 9, 18)


def test_day_of_adoption_alone_does_not_say_from_when_a_law_applies() -> None:
    note = "(2031年3月9日云溪市第九届人民代表大会常务委员会第十二次会议通过)"
    document = law(f"云溪市渡口条例\n{note}", "第四条 本条例自公布之日起施行。")
    assert document.issued_on == date(2031, 3, 9)
    assert document.effective_on is None


@pytest.mark.parametrize(
    ("article", "applies"),
    [
        ("第四条 本办法由市交通局负责解释,自发布之日起施行。", True),
        ("第四条 自发布之日起施行。", True),
        ("第四条 渡船标准经市交通局批准,自发布之日起实施。", False),
        ("第四条 本市渡船标准经批准,自发布之日起实施。", False),
    ],
)
def test_only_what_a_law_says_of_itself_tells_from_when_it_applies(article: str, applies: bool) -> None:
    document = law("云溪市渡口管理办法\n云溪市人民政府令第71号\n2032年9月18日", article)
    assert document.effective_on == (date(2032, 9, 18) if applies else None)


def test_last_article_without_a_full_stop_is_text_and_no_heading() -> None:
    document = law("云溪市渡口管理办法\n云溪市人民政府令第71号\n2032年9月18日", "第四条 本办法自发布之日起施行")
    assert document.clauses[-1].label == "第四条"
    assert document.clauses[-1].heading == ""
    assert not document.warnings


TAIWAN = """渡船安全法
修正日期：民國 112 年 6 月 28 日

第 一 章 總則
第1條　為維護渡船安全，特制定本法。
第2條　本法所稱主管機關：在中央為航政部；在直轄市為直轄市政府。
第 二 章 附則
第3條　本法施行細則，由主管機關擬訂，報請行政院核定。
第4條　本法自公布日施行。本法中華民國八十九年六月二十八日修正公布之第三條規定，自中華民國九十年一月一日施行。
"""


def test_law_of_taiwan_is_known_by_its_offices_and_its_calendar() -> None:
    document = law("", "", TAIWAN)
    assert document.region == "台湾"
    assert document.kind is Kind.LAW
    assert document.revised_on == date(2023, 6, 28)
    assert document.effective_on is None  # the day is that of one article's amendment
    assert document.clauses[0].path == ("题名",)


def test_law_in_traditional_characters_that_names_nothing_of_taiwan_has_no_region() -> None:
    assert law("", "", TAIWAN.replace("行政院", "議會").replace("中華民國", "").replace("民國", "")).region is None


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("民國112年6月28日", date(2023, 6, 28)),
        ("中華民國 89 年 06 月 28 日", date(2000, 6, 28)),
        ("中華民國一百零四年六月二日", date(2015, 6, 2)),
        ("民國一百十三年一月一日", date(2024, 1, 1)),
    ],
)
def test_years_of_the_republic_are_converted(printed: str, day: date) -> None:
    assert first_day(printed) == day
    assert lifetime(f"本法自{printed}施行。")[0] == day


def test_text_without_such_years_is_left_as_it_is() -> None:
    assert western("人民國家2031年5月1日") == "人民國家2031年5月1日"


def test_notice_keeps_the_lines_below_its_title_as_they_were() -> None:
    text = (
        "云溪市人民政府办公室关于做好渡口安全工作的通知\n云政办发〔2031〕15号\n\n各区人民政府:\n"
        "请于2031年6月1日前公布渡口名单,并按照规定修改应急预案。\n\n云溪市人民政府办公室\n2031年3月2日\n"
    )
    (document,) = parse_bytes("通知.txt", text.encode()).documents
    assert document.issued_on == date(2031, 3, 2)
    assert document.number == "云政办发〔2031〕15号"
    assert document.revised_on is None
