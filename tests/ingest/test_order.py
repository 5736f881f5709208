"""Reading order: texts of an invented city, scrambled as layout extraction scrambles them, come back in order."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.model import ParsedFile, SourceText
from ingest.pipeline import parse_source

FIGURES = "零一二三四五六七八九十"
SUBJECTS = [
    ("桥梁养护", "桥梁伸缩缝、桥墩和护栏由桥梁养护队每季度检测，检测结果录入桥梁健康档案"),
    ("公园绿地", "公园绿地的草坪、乔木和步道由园林站修剪，绿地率每年提高半个百分点"),
    ("老年食堂", "老年食堂为七十岁以上居民供应午餐，食堂的米面油由粮食公司统一配送"),
    ("河道清淤", "河道清淤在枯水期进行，淤泥脱水后运往填埋场，河道两岸设置警示牌"),
    ("校车运营", "校车运营单位为每辆校车安装座椅提醒装置，校车驾驶员每年体检两次"),
    ("垃圾分类", "垃圾分类投放点设在小区出入口，厨余垃圾每日清运，分类情况按月公布"),
    ("图书借阅", "图书借阅证与市民卡合并使用，图书馆延长夜间开放时间并增设还书箱"),
    ("路灯改造", "路灯改造采用节能灯具，路灯杆上预留充电接口，夜间亮灯率不低于百分之九十八"),
    ("渔港建设", "渔港建设包括码头、冷库和修船坞，渔港监督站全天值守并发布风浪预警"),
    ("茶园改良", "茶园改良以换种和修枝为主，茶农凭采购票据领取有机肥补助，茶园道路硬化"),
    ("消防水源", "消防水源由消防救援站每月试水一次，水源损坏的在两日内修复并登记"),
    ("儿童医院", "儿童医院新增床位一百张，儿科医师值夜班的按次发放津贴，医院设亲子病房"),
]
CITIES = [
    ("青石", "青石市的矿山关闭后改建为矿坑公园，青石石雕进入职业学校课程"),
    ("白鹭", "白鹭市沿湖修建候鸟栖息地，白鹭观鸟节吸引游客住宿消费"),
    ("松岭", "松岭市的松林里开辟防火步道，松岭木材厂转产木质玩具"),
    ("柳河", "柳河市在柳河上游建设水文站，柳河船工转为河道巡护员"),
    ("竹溪", "竹溪市推广竹编和竹炭，竹溪竹海设立自然教育营地"),
    ("梅岭", "梅岭市修复古驿道上的茶亭，梅岭腊梅成为冬季花市主角"),
]
SENTENCE = "有关经费从市级财政安排，执行情况于年底前向社会公布。"


@dataclass(frozen=True)
class Placed:
    """A line of text with its place in the outline; ``path`` None for what is a heading or belongs to the page."""

    text: str
    path: tuple[str, ...] | None


@dataclass(frozen=True)
class Block:
    lines: tuple[Placed, ...]
    heading: bool = False


def plan(rng: random.Random) -> list[list[Block]]:
    """Pages of a plan: 一、 › (一) › 1., every heading a block, some paragraphs cut by the page's end."""
    subjects = rng.sample(SUBJECTS, 12)
    pages: list[list[Block]] = []
    at = 0
    for part in range(1, 4):
        top = f"{FIGURES[part]}、{('夯实基础', '改善民生', '强化保障')[part - 1]}"
        page = [Block((Placed(top, None),), heading=True)]
        for section in range(1, 3):
            name, words = subjects[at]
            title = f"({FIGURES[section]}){name}行动"
            page.append(Block((Placed(title, None),), heading=True))
            items = []
            for item in range(1, 3):
                other, more = subjects[(at + item) % 12] if item > 1 else (name, words)
                label = f"{item}.{other}任务。"
                items.append(Placed(label + more + "。" + SENTENCE, (top, title, label)))
            page.append(Block(tuple(items)))
            at = (at + 2) % 12
        pages.append(page)
    return pages


def statute(rng: random.Random) -> list[list[Block]]:
    """Pages of a regulation: chapters as blocks of their own, articles in one block for each chapter."""
    subjects = rng.sample(SUBJECTS, 6)
    pages, article = [], 0
    for chapter, (name, words) in enumerate(subjects[:4], start=1):
        title = f"第{FIGURES[chapter]}章 {name}"
        lines = []
        for _ in range(rng.randint(2, 4)):
            article += 1
            label = f"第{numeral(article)}条"
            lines.append(Placed(f"{label} {words}。{name}的具体办法由主管部门制定。", (title, label)))
        pages.append([Block((Placed(title, None),), heading=True), Block(tuple(lines))])
    return [pages[0] + pages[1], pages[2] + pages[3]]


def overview(rng: random.Random) -> list[list[Block]]:
    """Pages of a survey: an unnumbered heading for each city over its paragraphs."""
    blocks = []
    for name, words in rng.sample(CITIES, 6):
        title = f"{name}:走出一条新路子"
        body = [Placed(words + "。" + SENTENCE, (title,)), Placed(f"今年以来，{words}。", (title,))]
        blocks.append([Block((Placed(title, None),), heading=True), Block(tuple(body))])
    return [blocks[0] + blocks[1] + blocks[2], blocks[3] + blocks[4] + blocks[5]]


def numeral(value: int) -> str:
    if value <= 10:
        return FIGURES[value]
    return f"{FIGURES[value // 10] if value >= 20 else ''}十{FIGURES[value % 10] if value % 10 else ''}"


def scrambled(rng: random.Random, page: Sequence[Block]) -> list[Block]:
    """A page as layout extraction prints it: some headings after the text below them, one at the foot of the page."""
    blocks = list(page)
    for at in range(len(blocks) - 2, -1, -1):
        if blocks[at].heading and not blocks[at + 1].heading and rng.random() < 0.5:
            blocks[at], blocks[at + 1] = blocks[at + 1], blocks[at]
    return blocks


def printed(title: str, pages: Sequence[Sequence[Block]], rng: random.Random) -> tuple[str, dict[int, tuple[str, ...]]]:
    """The text of the pages under running headers, and the place of each line of it (0-based)."""
    lines: list[str] = []
    places: dict[int, tuple[str, ...]] = {}
    for number, page in enumerate(pages, start=1):
        lines += [str(number), "", "云溪参考", "", "政策选登", ""]
        if number == 1:
            lines += [title, "", "来源:云溪参考编辑部", ""]
        for block in page:
            for line in block.lines:
                if line.path is not None:
                    places[len(lines)] = line.path
                lines.append(line.text)
            lines.append("")
    return "\n".join(lines) + "\n", places


def cut(rng: random.Random, pages: list[list[Block]]) -> list[list[Block]]:
    """The pages, the last paragraph of some running over to the top of the next."""
    result = [list(page) for page in pages]
    for at in range(len(result) - 1):
        last = result[at][-1]
        if last.heading or rng.random() < 0.5:
            continue
        line = last.lines[-1]
        where = len(line.text) - 20
        result[at][-1] = Block((*last.lines[:-1], Placed(line.text[:where], line.path)))
        result[at + 1].insert(0, Block((Placed(line.text[where:], line.path),)))
    return result


def in_place(parsed: ParsedFile, text: str, places: dict[int, tuple[str, ...]]) -> Iterator[bool]:
    """For every line with a place, whether a clause with that place holds it."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    clauses = [clause for document in parsed.documents for clause in document.clauses]
    for number, path in places.items():
        start = starts[number]
        holders = [clause.path for clause in clauses if any(a <= start < b for a, b in clause.spans)]
        yield any(same(have, path) for have in holders)


def same(have: Sequence[str], want: Sequence[str]) -> bool:
    """Paths label by label; a heading is the same by its first characters."""
    return [step.replace(" ", "")[:5] for step in have] == [step.replace(" ", "")[:5] for step in want]


def share_in_place(make, seeds: range, *, scramble: bool) -> float:
    right = total = 0
    for seed in seeds:
        rng = random.Random(seed)
        pages = cut(rng, make(rng))
        if scramble:
            pages = [scrambled(rng, page) for page in pages]
        text, places = printed("云溪市民生改善行动", pages, rng)
        found = list(in_place(parse_source(SourceText("云溪参考.txt", text)), text, places))
        right += sum(found)
        total += len(found)
    return right / total


@pytest.mark.parametrize("make", [plan, statute, overview])
def test_text_in_order_is_parsed_in_order(make) -> None:
    assert share_in_place(make, range(12), scramble=False) == 1.0


@pytest.mark.parametrize(
    "seeds", [range(20), range(1000, 1040), range(5000, 5030)], ids=["0-19", "1000-1039", "5000-5029"]
)
@pytest.mark.parametrize("make", [plan, statute, overview])
def test_scrambled_pages_come_back_in_order(make, seeds: range) -> None:
    assert share_in_place(make, seeds, scramble=True) >= 0.95


@settings(max_examples=25, deadline=None)
@given(st.sampled_from([plan, statute, overview]), st.integers(0, 10_000))
def test_consistent_text_is_never_reordered(make, seed: int) -> None:
    rng = random.Random(seed)
    text, _ = printed("云溪市民生改善行动", cut(rng, make(rng)), rng)
    for document in parse_source(SourceText("云溪参考.txt", text)).documents:
        starts = [clause.spans[0][0] for clause in document.clauses if clause.path != ("题名",)]
        assert starts == sorted(starts)
        assert all(clause.order_confidence == 1.0 for clause in document.clauses)


def test_repair_is_reported_with_its_confidence() -> None:
    rng = random.Random(3)
    pages = [scrambled(rng, page) for page in statute(rng)]
    text, _ = printed("云溪市民生改善条例", pages, rng)
    document = parse_source(SourceText("云溪参考.txt", text)).documents[0]
    moved = [clause for clause in document.clauses if clause.order_confidence < 1.0]
    assert moved
    assert all(0.5 <= clause.order_confidence < 1.0 for clause in moved)
    assert any("次序" in warning for warning in document.warnings)
