"""What a question wants to know of its subject: the 注册资本 of …的注册资本是多少, the thing that 多少个… counts."""

from __future__ import annotations

import re

from qa.intent import Want, shape_found
from qa.language import Language, plain
from qa.question import Asked
from qa.terms import question_words, words

_ASKED = re.compile(
    r"(?:在[\u4e00-\u9fff]{2,4})?(?:是|为|有|达|一共有?|总共有?|共有?|到底|究竟|各|具体|大概|大约|约){0,6}(?:每[个月年天张人家户次])?"
    r"(?:多少|几|叫什么|怎么定|如何定|怎么算|什么时候|何时|哪一?[天年月]|多[大高长久])"
    r"(?:钱|[万亿千百]*[元块个家项号天日人名]?|名字|工作日|[万亿]+)(?:的|来着|呢)?(?=$|[,。?!;:\s])"
)
_HAN = re.compile(r"[\u4e00-\u9fff]{2}")
_ASKS = re.compile(r"多[少大高长久]|(?<![哪好])几|什么|哪|怎么|如何|何时|[谁吗]")
_BETWEEN = re.compile(r"[,。?!;:、\"“”]")
_MEASURES = re.compile(
    r"(?:比例|金额|数量|标准|[上下]限|限额|时间|日期|期限|规模|[比占]重|占比|数[额字]|目标|要求|条件|程度|最[高多低少长]|名[字称]|姓名"
    r"|总[额数量]|指标|门槛|水平|额度|范围|幅度|百分之?|每[月年]|全[市国省]|单位|部门|机构|一天|一年|一个月|份额|的)$"
)
"""Words that only say what kind of figure it is: the figure itself answers them."""
_COUNTED = re.compile(
    r"(?:多少|(?<![哪好第])几)[万亿千百]*([个家项种条名座辆台位所份户件处类款])([\u4e00-\u9fffa-z0-9]{1,6})(?<!工作日)(?!作日)"
)
_FIGURE = re.compile(
    r"(?<![第\d.a-z])(?:\d[\d.,]*|[一二三四五六七八九十百千两]+)(?:多|余)?[万亿]?(?:多|余|以上)?"
    r"([^\d\s,.,。;:、()%a-z是])(?=([\u4e00-\u9fffa-z0-9]*))"
)
_BEFORE = 14
_SINGLE = re.compile(r"多少|(?<![哪好])几")
_MONEY_ASKED = re.compile(
    r"(?:多少|几)[万亿千百]*(?:元|块|钱|资金|奖金|罚款|补[助贴]|经费)|多少.{0,3}(?:资金|奖金)|掏多少|how much money"
)
_MONEY = re.compile(r"元|%|百分之|rmb|yuan|\$|¥|usd")
_CALENDAR = re.compile(
    r"哪一?[年天日月]|几[月号日]|日期|年份|印发|发布|公布|施行|实施|生效|出台|签发|成立|设立|[建开竣完]工|建成|上线|召开|举[行办]"
    r"|\bdate\b|what (?:day|year)|issued|published|promulgated|effect|in force"
)
"""Words by which a day of the calendar is asked: 什么时候 alone may be answered by 三十日内, too."""


def figures_asked(asked: Asked) -> tuple[Want, ...]:
    """The kinds of figure that a question asks for: 多少 beside a word for a share asks for the share alone."""
    wants = asked.intent.figures
    text = plain(asked.standalone)
    if Want.PERCENT in wants and len(_SINGLE.findall(text)) <= 1:
        wants = tuple(want for want in wants if want is not Want.COUNT)
    return wants


def gives(want: Want, asked: Asked, text: str) -> bool:
    """Whether ``text`` (`plain`) holds a figure of that kind which may be the one that is asked."""
    question = plain(asked.standalone)
    if not shape_found(want, text):
        return _given_otherwise(want, question, text)
    if want in (Want.AMOUNT, Want.COUNT) and _MONEY_ASKED.search(question):
        return bool(_MONEY.search(text))
    counted = _COUNTED.search(question) if want is Want.COUNT else None
    return counted is None or not _HAN.search(text) or _counts(counted[1], counted[2], asked, text)


def _given_otherwise(want: Want, question: str, text: str) -> bool:
    """Whether another kind of figure answers: a time limit for 最迟什么时候, a rate for 交多少税."""
    if want is Want.DATE:
        return not _CALENDAR.search(question) and shape_found(Want.DURATION, text)
    if want is Want.COUNT:
        return not _COUNTED.search(question) and shape_found(Want.PERCENT, text)
    return False


def _counts(classifier: str, noun: str, asked: Asked, text: str) -> bool:
    """Whether a figure in ``text`` counts the asked things: 18个 for 多少个5G基站, and not the 2项 of 2项量化指标."""
    names = [noun, *(t.word for t in asked.terms if t.stands_for and t.stands_for in noun)]
    pairs = {name[i : i + 2] for name in names for i in range(len(name) - 1) if _HAN.match(name[i : i + 2])}
    pairs |= {name for name in names if len(name) == 1}
    for figure in _FIGURE.finditer(text):
        unit, after = figure[1], figure[2][:8]
        if unit == classifier or any(pair in unit + after for pair in pairs):
            return True
        before = text[max(0, figure.start() - _BEFORE) : figure.start()]
        if len(after) < len("指标") and any(pair in before for pair in pairs):
            return True
    return False


def attribute(asked: Asked) -> str:
    """The noun right before the question word (赔偿 in 赔偿标准是多少钱); empty where more than that is asked.

    Words for a kind of figure (标准, 比例, 日期) are passed over: what is shown holds the figure and not the word.
    """
    if asked.language is Language.EN:
        return ""
    text = plain(asked.search_text)
    found = _ASKED.search(text)
    if found is None or len(_ASKS.findall(text)) > 1:
        return ""
    segment = _BETWEEN.split(text[: found.start()])[-1]
    for word in reversed(words(segment)):
        own = _MEASURES.sub("", word)
        if own.endswith("到"):
            return ""
        if own:
            own = own if len(own) > 1 else word
            return own if len(own) > 1 and own not in question_words() else ""
    return ""


_TOTAL_ASKED = re.compile(r"(?:一共|总共|累计|合计).{0,3}[了过]多少|\bso far\b|\bin total\b|\bto date\b")
_TOTAL = re.compile(r"[共总]|累计|合计|\btotal")


def asks_total(asked: Asked) -> bool:
    """Whether the question asks what has come together so far (一共发了多少): a rate or a ceiling is no answer.

    Not where things are counted by the piece (一共找了多少家公司): one figure of that kind is the sum.
    """
    question = plain(asked.standalone)
    return bool(_TOTAL_ASKED.search(question)) and not _COUNTED.search(question)


def shows_total(text: str) -> bool:
    """Whether ``text`` (`plain`) speaks of a sum."""
    return bool(_TOTAL.search(text))
