"""Made-up policies for measuring speed and scale: the same for the same seed, as many as wanted.

They read like policies: chapters and articles, agencies, subjects, conditions, amounts, deadlines, penalties. About one
article in nine is a closing formula that every policy has, and every fifth policy is another city's copy of an earlier
one with other figures, as happens in real libraries. Nothing in them is true.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

ARTICLES = 40
"""Articles in a policy, on average; chapter headings come on top."""


def _words(listed: str) -> list[str]:
    return listed.split()


_CITIES = [a + b for a in "澄临望青白云金石东西南北春秋" for b in "江海川溪陵原山州湖泉"]
_QUALITIES = _words(
    """
    智能 绿色 数字 高端 基础 新型 农村 城镇 公共 社区 中小 跨境 海洋 低碳 循环 应急 文化 体育 养老 托育 无障碍
    开放 共享 工业 商业 民用 航空 轨道 港口 冷链 生物 医疗 教育 科研 水利 林业 畜牧 种业 能源 储能 氢能 光伏 建筑
    地下 历史 传统
    """
)
_THINGS = _words(
    """
    装备 平台 园区 数据 设施 企业 机构 项目 人才 实验室 车间 仓库 管网 道路 桥梁 公园 学校 医院 床位 食堂 合作社
    市场 展会 品牌 专利 标准 软件 芯片 传感器 机器人 汽车 充电桩 电池 船舶 码头 航线 班列 口岸 农产品 种子 饲料
    化肥 林木 湿地 水库 河道 堤防 泵站 污水 垃圾 废气 噪声 土壤 矿山 古树 村落 街区 博物馆 图书馆 剧场 赛事 旅游
    民宿 餐饮 药品 疫苗 器械 保险 信贷 债券 基金 担保 税费 土地 住房 物业 电梯 燃气 供热 供水 供电 通信 消防 安保
    就业 培训 工资 社保
    """
)
_AGENCIES = _words(
    """
    发展改革 工业和信息化 科学技术 财政 教育 民政 司法行政 人力资源社会保障 自然资源 生态环境 住房城乡建设
    交通运输 水务 农业农村 商务 文化和旅游 卫生健康 应急管理 市场监督管理 统计 医疗保障 数据管理 林业 地方金融
    """
)
_VERBS = _words(
    """
    建设 改造 采购 出租 转让 运营 维护 检测 认证 登记 备案 申报 推广 试点 扩建 拆除 回收 处置 出口 引进 研发 公示
    """
)
_PAPERS = _words(
    """
    申请表 营业执照 审计报告 检测报告 可行性研究报告 合同副本 付款凭证 信用承诺书 场地证明 验收意见 人员名册
    用能说明
    """
)
_AIMS = _words(
    """
    提高质量 保障安全 节约资源 方便群众 扩大就业 促进创新 降低成本 保护环境 规范秩序 增加收入 缩短时限 防范风险
    """
)
_KINDS = _words(
    """
    管理办法 实施细则 若干措施 促进条例 扶持办法 行动计划 暂行规定 服务规范
    """
)
_DIGITS = "零一二三四五六七八九"
_CLOSING = (
    "本{kind}由{city}市{agency}部门负责解释。",
    "本{kind}自发布之日起施行。",
    "违反本{kind}规定,法律、法规已有处罚规定的,从其规定。",
    "任何单位和个人有权对违反本{kind}的行为进行投诉、举报。",
    "所需经费列入本级财政预算,专款专用,不得挪作他用。",
)


@dataclass(frozen=True, slots=True)
class SyntheticFile:
    """A file to ingest: UTF-8 text of one policy."""

    name: str
    data: bytes


def numeral(number: int) -> str:
    """A number from 1 to 99 as articles are numbered: 四十五."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def policies(count: int, seed: int = 0) -> Iterator[SyntheticFile]:
    """``count`` policies; those of a smaller count are the first of a larger one."""
    for position in range(count):
        # every fifth repeats the policy before last with other figures and another city's name
        copied = position % 5 == 4
        words = random.Random(f"{seed}-{position - 2 if copied else position}")
        figures = random.Random(f"{seed}-{position}-figures")
        yield SyntheticFile(f"{position:06}.txt", _policy(words, figures, position).encode())


def questions(count: int, seed: int = 0) -> list[str]:
    """Questions on subjects that the policies speak of, in everyday turns of phrase."""
    dice = random.Random(f"{seed}-questions")
    turns = (
        "{subject}{verb}要交哪些材料?",
        "{subject}{verb}最多补贴多少钱",
        "{city}市的{subject}归哪个部门管",
        "擅自{verb}{subject}会怎么处罚?",
        "{subject}的申请多少个工作日能办好",
        "想{verb}{subject},需要满足什么条件?",
    )
    return [dice.choice(turns).format(**_scene(dice)) for _ in range(count)]


def _scene(dice: random.Random) -> dict[str, str]:
    return {
        "subject": dice.choice(_QUALITIES) + dice.choice(_THINGS),
        "other": dice.choice(_QUALITIES) + dice.choice(_THINGS),
        "verb": dice.choice(_VERBS),
        "then": dice.choice(_VERBS),
        "aim": dice.choice(_AIMS),
        "agency": dice.choice(_AGENCIES),
        "city": dice.choice(_CITIES),
        "papers": "、".join(dice.sample(_PAPERS, dice.randint(2, 5))),
    }


def _policy(words: random.Random, figures: random.Random, position: int) -> str:
    scene = _scene(words) | {"city": _CITIES[figures.randrange(len(_CITIES))], "kind": words.choice(_KINDS)}
    lines = [
        f"{scene['city']}市{scene['subject']}{scene['kind']}",
        f"{scene['city'][0]}政规〔{figures.randint(2005, 2026)}〕{position % 500 + 1}号",
        "",
    ]
    chapter = 0
    for article in range(1, words.randint(ARTICLES - 10, ARTICLES + 10) + 1):
        if article % 9 == 1:
            chapter += 1
            lines.append(
                f"第{numeral(chapter)}章 {words.choice(_QUALITIES)}{words.choice(_THINGS)}{words.choice(_AIMS)}"
            )
        body = words.choice(_CLOSING) if words.random() < 1 / 9 else _article(words, figures)
        lines.append(f"第{numeral(article)}条 {body.format(**scene)}")
    return "\n".join(lines) + "\n"


def _article(words: random.Random, figures: random.Random) -> str:
    """One to four sentences on subjects of their own; ``{...}`` of the policy's own scene are left in."""
    own = _scene(words)
    own |= {
        "percent": str(figures.randint(3, 60)),
        "amount": str(figures.choice((5, 10, 20, 30, 50, 80, 100, 200, 500, 1000)) * figures.randint(1, 9)),
        "days": str(figures.choice((3, 5, 7, 10, 15, 20, 30, 45, 60))),
        "month": str(figures.randint(1, 12)),
    }
    sentences = words.sample(_SENTENCES, words.randint(1, 4))
    return "".join(sentence.format_map(_Kept(own)) for sentence in sentences)


class _Kept(dict[str, str]):
    """Leaves a name that it does not know as it stands, for the policy's own scene to fill."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


_SENTENCES = (
    "从事{subject}{verb}的单位,应当在{days}日内向所在地{agency}部门备案,并提交{papers}。",
    "对{verb}{subject}的企业,按实际投资额的{percent}%给予补助,单个项目最高不超过{amount}万元。",
    "{agency}部门应当会同有关部门建立{subject}与{other}的协调机制,{aim},每年{month}月底前公布进展。",
    "未经批准擅自{verb}{subject}的,由{agency}部门责令限期改正;逾期不改正的,处{amount}元以上罚款。",
    "申请人符合条件的,{agency}部门应当自受理之日起{days}个工作日内作出决定,并说明理由。",
    "鼓励社会资本参与{subject}的{verb}和{then},支持其与{other}联合经营,以{aim}。",
    "{subject}的{verb}应当遵守国家标准,不得影响{other}的正常使用,不得损害公众利益。",
    "新建、改建{subject}的,应当同步规划{other},同步{verb},同步投入使用,确保{aim}。",
    "县级以上人民政府应当将{subject}纳入年度计划,安排资金{amount}万元以上,重点用于{verb}和{then}。",
    "有下列情形之一的,不予{verb}:提供虚假{papers}的;{subject}未通过验收的;{days}日内未补正材料的。",
    "{agency}部门对{subject}实行分级管理,{verb}前须完成风险评估,{then}后应当留存记录不少于{days}个月。",
)
