"""What a question asks for: an amount, a date, a list… read off its words, and what such an answer looks like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from qa.language import plain


class Want(StrEnum):
    """A kind of answer. A question may want several (哪天印发的,文号多少)."""

    AMOUNT = "amount"
    COUNT = "count"
    PERCENT = "percent"
    DATE = "date"
    DURATION = "duration"
    DOCUMENT_NUMBER = "document_number"
    BODY = "body"
    LIST = "list"
    DEFINITION = "definition"
    PENALTY = "penalty"
    PROCEDURE = "procedure"
    YES_NO = "yes_no"
    COMPARISON = "comparison"
    REASON = "reason"
    PLACE = "place"
    FACT = "fact"


_QUESTION_CUES: tuple[tuple[Want, str], ...] = (
    (Want.DOCUMENT_NUMBER, r"文号|发文字号|文件编号|document number"),
    (
        Want.PENALTY,
        r"罚|处分|后果|法律责任|(?:怎么|咋|如何|什么|啥|归谁|由谁|谁来)(?:处理|查办|查处)|坐牢|追究|下场|会怎么?样|怎么追责|被查(?:到|出|处)|违法成本"
        r"|吊销|what happens (?:to|if)|penalt|\bfined?\b|punish|sanction",
    ),
    (
        Want.PERCENT,
        r"百分之|比例|比重|占比|占.{0,8}(?:多少|几成|多大)|几成"
        r"|多大比例|增幅|涨幅|增速|增长率|负债率|普及率|覆盖率|利用率"
        r"|percent|proportion|\bshare\b|\brate\b",
    ),
    (
        Want.AMOUNT,
        r"多少钱|几毛|多少块|几块钱|多少万|多少亿|多少元|金额|补多少|奖多少|罚多少|几万|多大规模|体量|多少资金"
        r"|how much|amount",
    ),
    (
        Want.COUNT,
        r"多少|(?<![哪那这好])几(?![乎点年月日天号])|盘子|有多大|数量|规模|how many|how large",
    ),
    (
        Want.DATE,
        r"什么时候|啥时候|何时|哪一?[年天日月]|几[月号日]|日期|时间"
        r"|多会儿|截止|(?<![去今明前后往])年份|(?:^|[,;:] ?|\b(?:by|since|from|until|till|know|say|says) )when\b"
        r"|\bwhen (?:is|are|was|were|do|does|did|will|would|must|should|can|may|has|have)\b|\bdate\b|deadline",
    ),
    (
        Want.DURATION,
        r"多久|多长时间|几天|几个?工作日|几年|(?<!超过)(?<!逾)期限|(?<!超过)时限"
        r"|多少天|多少日|有效期|how long|time limit|开满几",
    ),
    (
        Want.BODY,
        (
            r"哪个部门|哪些部门|哪几个部门|哪家|谁(?!的)|哪个单位|哪个机构|归哪|哪里负责|主管部门是|牵头|哪位"
            r"|哪几个部委|\bwho\b|which (?:body|department|ministry|agency|bureau|office|authority|commission)"
        ),
    ),
    (
        Want.DEFINITION,
        r"是什么意思|什么意思|啥意思|定义|含义|是指|指的是|何谓|什么是|啥是|啥叫|什么叫|是个?啥|怎么理解|名词解释|概念|指(?:的是)?(?:什么|啥)|定性|算作"
        r"|\bdefin|what is meant|what counts as|\bmeans?\b",
    ),
    (
        Want.LIST,
        r"哪些|哪几(?![年天月日])|哪[二两三四五六七八九十\d]+|那[几些]|有几"
        r"|包括什么|包含|分别|列举|都有|列了|几[条项个种类点样方面大四]"
        r"|条件|四字原则|原则有|建议|都是(?:啥|什么|谁)|有谁|which (?!bod|bureau|agenc|depart|minist|year|date)"
        r"|what (?:are|kinds|types|conditions)|\blist\b",
    ),
    (
        Want.PROCEDURE,
        r"怎么(?:办|申|走|报|弄)|(?:在|到)哪[里儿]?(?:办|申|报|领|交)|如何(?:申|办|报)|流程|程序|手续"
        r"|步骤|去哪|向谁|要走|how (?:do|can|should|to)|procedure",
    ),
    (
        Want.YES_NO,
        r"吗[?？。]?$|吧[?？。]?$|不[?？]?$|没[?？]?$|可不可以"
        r"|有没有|是否|可否|([\u4e00-\u9fff])不\1|对吧|对吗|需不需要"
        r"|有木有|允许|(?:^|[,，])(?:能|可以|会|需要)(?!.*(?:什么|啥|怎么|哪|多少|几|谁))|^(?:is|are|does|do|can|must|may|should|did|will|has|have)\b",
    ),
    (
        Want.COMPARISON,
        r"比一比|比一下|比比|对比|比较|相比|区别|差别|差异|不同|不一样|有啥不|异同"
        r"|哪[个边家].{0,12}(?:更|大|高|多|严|长|快)|谁更|谁的.{0,10}[多大高严]|一样[不吗么]|对得上|差(?:多少|在哪|几)|同一[天年个]"
        r"|各(?![地级类省市县行种方部位项界单国族区大式])|分别(?:是|能|由|归|依托"
        r"|可以|要|有|怎么|多少|几|为|给|定)|compare|differ|versus|\bvs\b",
    ),
    (Want.REASON, r"为什么|为啥|为何|凭什么|原因|理由|\bwhy\b"),
    (Want.PLACE, r"哪个(?:城市|省|地方|地区|市)|哪里|哪儿|哪座|什么地方|\bwhere\b"),
)
_COMPILED = tuple((want, re.compile(cue, re.IGNORECASE)) for want, cue in _QUESTION_CUES)

_NUMERAL = r"[\d一二三四五六七八九十百千万亿两〇零.]+"
_ANSWER_SHAPES: dict[Want, re.Pattern[str]] = {
    Want.AMOUNT: re.compile(
        _NUMERAL + r"\s*(?:多|余)?\s*(?:万|亿|千|百)*(?:元|美元|人民币|吨|吉瓦|eflops|tb|平方|公里|辆|台)"
    ),
    # 第三条, 2021年, 十四五 and 一是 count nothing; 五条产业链, 11.36亿 and 100家 do
    Want.COUNT: re.compile(
        r"(?<![第\d.零〇一二三四五六七八九十百千万亿两])(?!十[一二三四五]五)"
        + _NUMERAL
        + r"\s*(?:多|余|以上)?\s*[万亿]?\s*"
        r"(?![年月日号届是])[^\d\s,.,。;:、()%‰〔\[零〇一二三四五六七八九十百千万亿两]|\d\s*[万亿]"
    ),
    Want.PERCENT: re.compile(r"\d(?:\.\d+)?\s*[%‰]|[百千万]分之|分之一|百分点|翻[一两]番|[一二三四五六七八九]成|倍"),
    Want.DATE: re.compile(r"\d{4}年|[二〇零一]{2}[〇零一二三四五六七八九]{2}年|\d{1,2}月\d{1,2}日|\d{1,2}日|年底|年末"),
    Want.DURATION: re.compile(_NUMERAL + r"\s*(?:个)?\s*(?:工作日|日|天|月|年|小时|周)(?:内|以内|以上|前)?"),
    Want.DOCUMENT_NUMBER: re.compile(r"[\u4e00-\u9fff]{2,}\s*[\[(](?:19|20)\d{2}[\])]\s*(?:第)?\d+\s*号|gb/?t?\s*\d+"),
    Want.BODY: re.compile(
        r"部门|[部委局办厅署院会](?![分门署长])|机关|人民政府|办公室|机构|协会|公司|中心|单位|负责|牵头|会同"
    ),
    Want.LIST: re.compile(r"、|;|[一二三四五六七八九]是|\n"),
    Want.DEFINITION: re.compile(
        r"是指|是一种|是以|指的是|本(?:法|条例|办法|规定|标准|分类)所称"
        r"|简称|即|\bmeans?\b|refers to|界定为|定义为|由.{2,30}构成"
    ),
    Want.PENALTY: re.compile(
        r"罚款|处罚|处分|责令|没收|吊销|警告|追究|查处|处以|约谈|追回|取消|移出|失信|不予|依法处理|fine|penalt"
    ),
    Want.PROCEDURE: re.compile(r"应当|程序|提交|备案|申请|审核|批准|通知|报告|报送|受理|申报|登录|材料"),
    Want.REASON: re.compile(
        r"因为|由于|为了|为(?:规范|促进|加强|保障|贯彻|深入|推动)|有利于|以便|鉴于|从而|原因|不是.{0,20}而是|而不是"
    ),
    Want.PLACE: re.compile(r"[省市区县州]|基地|中心"),
}


_ENGLISH_SHAPES: dict[Want, re.Pattern[str]] = {
    Want.AMOUNT: re.compile(
        r"(?:rmb|cny|usd|yuan|\$|¥)\s*[\d,.]+|[\d,.]+\s*(?:million"
        r"|billion|thousand)?\s*(?:yuan|rmb|cny|dollars)"
    ),
    Want.COUNT: re.compile(
        r"\d|\b(?:one|two|three|four|five|six|seven|eight"
        r"|nine|ten|twelve|twenty|thirty|fifty|hundred)\b"
    ),
    Want.BODY: re.compile(
        r"bureau|office|committee|commission|authorit|department|ministry|administration|agency|government|customs"
    ),
    Want.PENALTY: re.compile(r"\bfine|penalt|revo[kc]|recover|refus|confiscat|removed from|suspend|punish|liab|return"),
    Want.PERCENT: re.compile(r"\d\s*(?:%|per\s?cent)|per\s?cent"),
    Want.DATE: re.compile(
        r"\d{1,2}\s+(?:january|february|march|april|may|june|july|august|september|october"
        r"|november|december)|\b(?:january|february|march|april|may|june|july|august"
        r"|september|october|november|december)\b.{0,12}\d|\d{4}-\d\d"
    ),
    Want.DURATION: re.compile(
        r"(?:\d+|one|two|three|five|six|seven|ten|fifteen|twenty|thirty|sixty"
        r"|ninety)\s+(?:working\s+|calendar\s+)?(?:day|month|year|week|hour)s?"
    ),
}


FIGURES = (Want.AMOUNT, Want.PERCENT, Want.DATE, Want.DURATION, Want.COUNT, Want.DOCUMENT_NUMBER)
"""Kinds of answer that are a figure."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What is wanted, most specific first; ``(Want.FACT,)`` where the words give no sign. ``count`` is a number of
    things that the question itself names (哪四条建议 → 4), None where it names none."""

    wants: tuple[Want, ...]
    count: int | None = None

    @property
    def figures(self) -> tuple[Want, ...]:
        """The wanted kinds of answer that are a figure."""
        return tuple(want for want in self.wants if want in FIGURES)

    def has(self, *wants: Want) -> bool:
        """True where any of ``wants`` is among them."""
        for want in wants:  # noqa: SIM110  asked of every candidate: a generator takes three times as long
            if want in self.wants:
                return True
        return False


_COUNTED = re.compile(
    r"(?:^|哪|这|那|有|是|的|定|给了?|列了?|个|挑了?|设了?|出了?|名|“)\s*([一二两三四五六七八九十]|\d{1,2})\s*"
    r"(?:个|家|项|种|条|类|点|大|方面|块|样|步|对|高|不|化|流|方|位|部|级|层)"
)
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2}


def read_intent(question: str) -> Intent:
    """What ``question`` asks for. Any script; English too."""
    folded = plain(question).strip()
    wants = tuple(want for want, cue in _COMPILED if cue.search(folded))
    if Want.LIST in wants and not re.search(r"多少|数量|规模|(?<![哪那这好])几[家名所座个]|how many", folded):
        wants = tuple(want for want in wants if want is not Want.COUNT)
    counted = _COUNTED.search(folded)
    count = None
    if counted:
        printed = counted[1]
        count = int(printed) if printed.isdecimal() else _DIGITS[printed]
        if count > 1 and Want.LIST not in wants:
            wants = (*wants, Want.LIST)
    return Intent(wants or (Want.FACT,), count if count and 1 < count <= 30 else None)


@lru_cache(maxsize=100_000)
def shape_found(want: Want, text: str) -> bool:
    """Whether ``text`` (already `plain`) holds anything that looks like an answer of that kind."""
    shape = _shape(want, text)
    return bool(shape and shape.search(text))


def shape_places(want: Want, text: str) -> list[int]:
    """Where in ``text`` (already `plain`) answers of that kind begin, ascending."""
    shape = _shape(want, text)
    return [match.start() for match in shape.finditer(text)] if shape else []


def _shape(want: Want, text: str) -> re.Pattern[str] | None:
    english = not _CHINESE_RUN.search(text) and _LATIN_RUN.search(text)
    return (_ENGLISH_SHAPES.get(want) if english else None) or _ANSWER_SHAPES.get(want)


_LATIN_RUN = re.compile(r"[a-z]{2,} [a-z]{2,}")
_CHINESE_RUN = re.compile(r"[\u4e00-\u9fff]{4,}")
