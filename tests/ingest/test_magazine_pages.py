"""Phenomena of magazine pages: leads, notes, pages that overlap, headings at the foot of a list."""

from __future__ import annotations

from ingest.model import PolicyDocument, SourceText
from ingest.pipeline import parse_source

HEADER = "云溪志\n\n政策选登\n"


def paged(title: str, *pages: str, source: str = "来源:云溪渔业观察") -> PolicyDocument:
    """The document on pages with a number and a running header, its title on the first."""
    text = f"1\n\n{HEADER}\n{title}\n\n{source}\n\n{pages[0]}"
    for number, page in enumerate(pages[1:], start=2):
        text += f"\n{number}\n\n{HEADER}\n{page}"
    (document,) = parse_source(SourceText("云溪志.txt", text)).documents
    return document


def path_of(document: PolicyDocument, words: str) -> list[tuple[str, ...]]:
    """The paths of the clauses that hold the words."""
    return [clause.path for clause in document.clauses if words in clause.text]


LEAD = (
    "随着渔船装备升级进入快车道,渔港作为渔业基础设施的地位再次确定,市渔业局等三部门日前联合印发行动计划,引起渔民关注。\n"
    "计划用三年时间改造渔港七座,为渔民返港避风、卸鱼补给提供方便,推动渔业高质量发展,渔港面貌将有大的改变。\n"
    "注:文末附《渔港行动计划》全文。\n"
)
FIRST = "渔港是渔船停泊、补给和交易的场所,也是渔业管理的前沿,改造渔港能带动加工、冷链和休闲渔业发展,意义不小。\n"


def test_a_lead_that_ends_in_a_note_stays_above_the_first_heading() -> None:
    document = paged(
        "三部门联合印发《渔港行动计划》",
        LEAD + "\n" + FIRST + "\n再次确定渔港的基础地位\n",
        "不过,目前仍有大量渔港缺少冷库,冷库缺口约四万吨,未来改造任务还很重,需要各方一起出力。\n\n"
        "冷库建设要与渔获交易结合\n\n当前冷库建设与渔获交易脱节,计划提出冷库与交易市场同步建设,渔获上岸就能入库和交易,减少损耗。\n",
        "计划强调渔港管理全面布局,渔港监控、渔港消防和渔港保洁都纳入渔港管理,管理经费由市县两级财政共同承担。\n\n"
        "渔港管理全面布局\n",
    )
    assert path_of(document, "文末附") == [("导语",)]
    assert path_of(document, "也是渔业管理的前沿") == [("再次确定渔港的基础地位",)]
    assert path_of(document, "渔港消防") == [("渔港管理全面布局",)]


def test_lines_printed_again_on_the_next_page_go_where_they_stood_before() -> None:
    document = paged(
        "各县渔港补贴条件汇总",
        "各县渔港补贴条件汇总如下,供渔民参考,具体以各县渔业主管部门的文件为准,申报前请先电话咨询。\n\n"
        "一、临海县\n临海县的条件包括基本条件和专项条件。\n(一)基本条件\n1.渔港在本县登记并连续运营三年以上。\n"
        "2.渔港面积不少于两万平方米。\n3.近两年维护经费占收入的比例不低于百分之三。\n(二)专项条件\n"
        "1.冷库。渔港冷库容量不少于五百吨,近两年平均使用率达到百分之六十以上。\n",
        "3.近两年维护经费占收入的比例不低于百分之三。\n(二)专项条件\n"
        "1.冷库。渔港冷库容量不少于五百吨,近两年平均使用率达到百分之六十以上。\n2.码头。码头长度不少于两百米,能停靠大型渔船。\n"
        "二、望潮县\n望潮县的渔港须符合下列条件。\n1.渔港在本县登记并连续运营两年以上。\n",
    )
    paths = path_of(document, "维护经费占收入的比例")
    assert len(paths) == 2
    assert all(path[1] == "(一)基本条件" for path in paths)
    assert all(path[1] == "(二)专项条件" for path in path_of(document, "渔港冷库容量"))
    assert path_of(document, "码头长度")[0][:2] == ("一、临海县", "(二)专项条件")
    assert path_of(document, "连续运营两年以上")[0][0] == "二、望潮县"


def test_sections_that_merely_resemble_each_other_are_not_taken_for_repeats() -> None:
    document = paged(
        "各县渔港补贴条件汇总",
        "一、临海县\n(一)基本条件\n1.渔港在当地登记并连续运营三年以上。\n二、望潮县\n(一)基本条件\n1.渔港在当地登记并连续运营三年以上。\n",
        "三、北礁县\n(一)基本条件\n1.渔港在当地登记并连续运营三年以上。\n",
    )
    assert [path[0] for path in path_of(document, "连续运营三年以上")] == ["一、临海县", "二、望潮县", "三、北礁县"]


def test_a_brief_heading_at_the_foot_of_a_list_opens_the_next_group() -> None:
    document = paged(
        "渔港建设重点项目公布",
        "近日,渔港建设重点项目公布,总投资十二亿元,分布在三个县,下面看看有哪些项目,哪些今年就要动工。\n\n"
        "重点项目\n\n年内开工\n北礁渔港扩建工程:扩建码头两百米,新建冷库一座,投资一亿两千万元,建设期两年。\n"
        "望潮渔港清淤工程:清淤八十万立方米,投资四千万元,渔船进出港不再受潮水限制。\n",
        "临海渔港监控工程:安装监控探头三百个,投资六百万元,渔港重点部位监控全覆盖。\n加快推进\n\n"
        "渔港公路改造工程:改造公路十二公里,投资九千万元,渔获运输时间缩短一半。\n"
        "渔民培训中心工程:建设培训中心一座,投资三千万元,每年培训渔民两千人次。\n",
    )
    (road,) = path_of(document, "改造公路十二公里")
    assert "加快推进" in road
    assert "年内开工" not in road
