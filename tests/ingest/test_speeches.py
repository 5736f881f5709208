"""Reports read out and speeches: a subtitle is no heading, the speaker and the day are known, the last item ends."""

from __future__ import annotations

from datetime import date

from ingest.model import Clause, Kind, PolicyDocument
from ingest.pipeline import parse_bytes

REPORT = """2031年云溪市政府工作报告
——2031年1月9日在云溪市第九届人民代表大会第五次会议上
云溪市市长　苏景行

各位代表,现在我代表市人民政府向大会报告工作,请予审议。
一年来,我们主要做了以下工作。
——渡口修缮一新。全市十二处渡口完成加固,渡船全部换成电动船,往来两岸的居民等候时间缩短到六分钟以内。
——竹器远销海外。竹编合作社增加到四十一家,出口额达到三千二百万元,带动两千多户农户增收。
回顾过去一年,困难比预想的多,办法也比预想的多,这些成绩是全市人民一起干出来的。
今年是修堤治水的关键一年。我们要守住安全底线,把钱用在看得见的地方,着重抓好以下几个方面工作。
(一)治水修堤,保障两岸安全。坚持先急后缓,分三批推进堤防改造。
抓紧修复险工险段。汛期之前完成七处险段加固,落实每段堤防的责任人,每周通报一次进度。
完善预警体系。新建雨量站二十座,把预警信息送到每一户临水居民手中。
(二)惠民利企,办好便民服务。坚持群众少跑腿、数据多跑路,年内再减三成证明材料。
建好便民驿站。每个街道设一处驿站,代办常用的四十个事项,周末照常开门。
延长服务时间。渡口服务点延长到晚上九点,方便晚归的学生和工人。
(三)兴业富民,办好竹器产业。坚持就地取材、就地加工,让手艺人有活干。
建好竹器园区。今年开工建设竹器园区一期,引进烘干和染色设备,统一处理污水。
培养年轻匠人。每年资助一百名学徒,出师以后优先安排进园区工作。
今年还要着手编制下一个五年的规划。我们要广泛听取意见,把群众最盼的事情列在前面,每一件都排出时间表。
做好今年的工作,对政府自身建设提出了更高要求。全市各级干部要多到渡口走走,少在会上念稿子。
各位代表!水涨船高,众人划桨。让我们一起把云溪的事情办好。
"""


def parsed(text: str, name: str = "报告.txt") -> PolicyDocument:
    (document,) = parse_bytes(name, text.encode()).documents
    return document


def holding(document: PolicyDocument, words: str) -> Clause:
    (clause,) = (clause for clause in document.clauses if words in clause.text)
    return clause


def test_subtitle_under_the_title_is_no_heading_and_moves_nothing() -> None:
    document = parsed(REPORT)
    assert document.title == "2031年云溪市政府工作报告"
    assert holding(document, "第九届").path == ("题名",)
    assert not document.warnings
    starts = [clause.spans[0][0] for clause in document.clauses]
    assert starts == sorted(starts)
    assert {clause.order_confidence for clause in document.clauses} == {1.0}


def test_report_is_a_speech_by_its_speaker_on_the_day_of_its_subtitle() -> None:
    document = parsed(REPORT)
    assert document.kind is Kind.SPEECH
    assert document.issued_on == date(2031, 1, 9)
    assert document.issuers == ("云溪市市长 苏景行",)
    assert document.region == "云溪市"


def test_what_follows_the_last_item_is_no_part_of_it() -> None:
    document = parsed(REPORT)
    last = next(clause for clause in document.clauses if clause.label == "(三)")
    below = {clause.clause_id for clause in document.clauses if clause.parent_id == last.clause_id}
    for words in ("竹器园区一期", "每年资助"):
        assert holding(document, words).clause_id in below
    own = [holding(document, words) for words in ("下一个五年", "少在会上念", "众人划桨")]
    assert all(clause.parent_id != last.clause_id and clause is not last for clause in own)
    assert len({clause.clause_id for clause in own}) == len(own)


SHORT = """在云溪市渡口建设推进会上的讲话
(2031年3月2日)
苏景行

同志们:
今天的会议很重要。下面我讲三点意见。
一、认识要提高
渡口连着两岸人心,不能当小事看。
二、任务要落实
各区要在六月底前完成改造。
"""


def test_speech_without_a_place_in_its_title_has_its_day() -> None:
    document = parsed(SHORT, "讲话.txt")
    assert document.kind is Kind.SPEECH
    assert document.issued_on == date(2031, 3, 2)
    assert "任务要落实" in holding(document, "六月底").path[-1]


def test_dashes_that_list_achievements_below_a_title_stay_a_list() -> None:
    text = "云溪市渡口建设成果\n——修缮渡口十二处。\n——换装电动船四十艘。\n——新建候船亭九座。\n"
    document = parsed(text)
    assert sum(clause.label == "——" for clause in document.clauses) == 3


def test_long_opening_is_a_clause_a_paragraph() -> None:
    paragraphs = [
        f"渡口{n}号的修缮工作全部完成。{'渡船往来平稳,候船亭里多了一排长椅,老人孩子都能坐着等船。' * 16}"
        for n in (1, 2, 3)
    ]
    text = REPORT.replace("一年来,我们主要做了以下工作。", "\n".join(paragraphs) + "\n一年来,我们主要做了以下工作。")
    document = parsed(text)
    assert len({holding(document, f"渡口{n}号").clause_id for n in (1, 2, 3)}) == 3
    assert len(document.clauses) >= len(parsed(REPORT).clauses) + 3
