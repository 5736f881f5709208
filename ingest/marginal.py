"""Lines that stand beside a text and are none of it: sources, numbers, dates, captions, letterheads, bylines."""

from __future__ import annotations

import re

from ingest.lines import Line

_YEAR = r"(?:(?:19|20)\d{2}|[一二][〇零○ＯO一二三四五六七八九]{3})"
_FEW = r"[\d一二三四五六七八九十]{1,3}"
DATE = rf"{_YEAR}\s*年\s*{_FEW}\s*月\s*{_FEW}\s*日"
"""Source of a regular expression for a date in Arabic or Chinese figures."""
_DATE_LINE = re.compile(rf"[(（]?\s*{DATE}\s*[)）]?")
_SOURCE_LINE = re.compile(
    r"(?:(?:19|20)\d{2}[-年/.]\d{1,2}[-月/.]\d{1,2}日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?[\s|｜]*)?"
    r"(?:(?:文章|信息|稿件)?(?:来源|出处|转自|作者|文/|(?:责任)?编辑)|发布(?:时间|日期))\s*[:：].{0,60}"
)
_PREFATORY = re.compile(r"导\s*读|编者按\s*[:：]?")
_LETTERHEAD = re.compile(r"[\u4e00-\u9fff 　、]{2,40}(?:令|文件)")
_BYLINE = re.compile(
    r"[\u4e00-\u9fff]{0,20}(?:长|長|书记|主任|主席|总理|委员)[ 　\xa0]+"
    r"[\u4e00-\u9fff]{1,4}[ 　\xa0]?[\u4e00-\u9fff]{1,2}"
)
_REPORTER = re.compile(
    r"[(（]?[\u4e00-\u9fff]{0,12}(?:记者|通讯员|評論員|评论员)[ 　\xa0:：]+[\u4e00-\u9fff·]{2,4}"
    r"(?:[ 　\xa0、]+(?:(?:实习)?记者|通讯员)?[ 　\xa0]*[\u4e00-\u9fff·]{2,4}){0,4}[)）]?"
)
_STANDARD = re.compile(
    r"(?:GB|DB\d{2}|[A-Z]{1,3})(?:[/／][A-Z]{1,5})? ?\d{2,6}(?:\.\d+)?[—–-](?:19|20)\d{2}(?![\d年]).{0,60}"
    r"|(?:19|20)\d{2}[-.]\d{1,2}[-.]\d{1,2}\s*(?:发布|实施).{0,40}|[\u4e00-\u9fff 　、]{4,40}[ 　]发布"
)
"""What the cover of a standard and its list of references print: a code, the days, who issues it (GB/T 1.1)."""
_NUMBER_LINE = re.compile(
    r"[(（]?\s*[\u4e00-\u9fff]{1,14}(?:第|字第)?\s*[〔﹝\[【(（]\s*(?:19|20)\d{2}\s*[〕﹞\]】)）]\s*(?:第\s*)?\d{1,5}\s*[号號]\s*[)）]?"
    r"|(?:第\s*)?\d{1,5}\s*[号號]|[\u4e00-\u9fff]{2,20}令\s*(?:第\s*)?[\d一二三四五六七八九十百]{1,5}\s*[号號]"
)
_ADDRESSEE = re.compile(r"[^。；;]{0,16}各[^。；;]{1,}[:：]")
_ADDRESSED = re.compile(r"政府|部门|单位|企业|[厅局委办院会区县市省]|机构|高校|公司|银行")
_CAPTION = re.compile(
    r"(?:附?[表图]\s*[\d一二三四五六七八九十]{1,3}\s*[:：.、 ].{0,60}"
    r"|.{0,40}(?:图自|资料图|图片来源|摄影?[:：]).{0,30})"
)
_INTRO = re.compile(r"(?:以下(?:为|是).{0,40}(?:全文|内容|如下)|.{0,60}(?:全文|具体内容|原文|内容)如下)\s*[:：↓]?")


_DETAIL = re.compile(
    r".{0,12}[〔﹝\[【(（]\s*(?:19|20)\d{2}\s*[〕﹞\]】)）]\s*第?\s*\d{1,4}\s*期|第\s*[\d一二三四五六七八九十]{1,4}\s*期"
    r"|[\u4e00-\u9fff]{2,20}[ 　]*(?:19|20)\d{2}\s*年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?"
    r"|(?:联系|咨询|监督|举报|投诉|服务)?(?:人|电话|方式|邮箱|地址|传真|热线)\s*[:：].{1,60}"
    r"|[(（](?:规范性|资料性|规范性附录|资料性附录)[)）]"
    r"|[^\u4e00-\u9fff]*[A-Za-z][^\u4e00-\u9fff]*\."
)
_DASHED = re.compile(r"[—━─]{1,3}[^。；;：:]{4,60}")
_DELIVERED = re.compile(rf"[—━─(（]*(?:{DATE})?[ 　]*在[^。；;]{{4,60}}上(?:的(?:讲话|报告|致辞|发言|演讲))?[)）]?")
_COLUMNS = re.compile(r"[ \xa0]{2,}|[\t　]+")


def is_detail(line: Line) -> bool:
    """Whether a short line is a detail and never a heading.

    An issue's number, who published it and when, a telephone number, the code of a standard, cells of a table, an
    English sentence.
    """
    text = line.text
    if len(text) < 100 and (_DETAIL.fullmatch(text) or _STANDARD.fullmatch(text)):
        return True
    return len([cell for cell in _COLUMNS.split(text) if cell]) >= 3


def is_dashed(line: Line) -> bool:
    """——2031年3月2日在云溪市渡口建设推进会上: short, behind a dash, and no sentence"""
    return line.label is not None and line.label.scheme == "dash" and _DASHED.fullmatch(line.text) is not None


def is_occasion(line: Line) -> bool:
    """Whether a line says where and perhaps when a text was read out."""
    return len(line.text) < 80 and _DELIVERED.fullmatch(line.text) is not None


def is_marginal(line: Line) -> bool:
    """Whether a line stands beside the text: a source, number, date, caption or introduction."""
    return (
        is_source(line)
        or is_number(line)
        or is_date(line)
        or is_caption(line)
        or is_intro(line)
        or is_prefatory(line)
        or is_letterhead(line)
        or is_byline(line)
        or is_reporter(line)
    )


def is_prefatory(line: Line) -> bool:
    """导读 or 编者按:, alone on its line"""
    return len(line.text) < 10 and _PREFATORY.fullmatch(line.text) is not None


def is_letterhead(line: Line) -> bool:
    """云溪市人民政府令 or 云溪市民政局文件: what is printed above a text that an office issues."""
    return line.label is None and len(line.text) <= 42 and _LETTERHEAD.fullmatch(line.text) is not None


def is_byline(line: Line) -> bool:
    """云溪市市长 苏景行: who speaks or signs, with the office held."""
    return line.label is None and len(line.text) <= 30 and _BYLINE.fullmatch(line.text) is not None


def is_reporter(line: Line) -> bool:
    """云溪日报记者 苏景行, alone on its line"""
    return line.label is None and len(line.text) <= 40 and _REPORTER.fullmatch(line.text) is not None


def is_source(line: Line) -> bool:
    """来源:新华社"""
    return len(line.text) < 80 and _SOURCE_LINE.fullmatch(line.text) is not None


def is_number(line: Line) -> bool:
    """国办发〔2021〕1号, alone on its line"""
    return len(line.text) < 60 and _NUMBER_LINE.fullmatch(line.text) is not None


def is_date(line: Line) -> bool:
    """2021年7月4日, alone on its line"""
    return len(line.text) < 40 and _DATE_LINE.fullmatch(line.text) is not None


def is_caption(line: Line) -> bool:
    """表1:… or 图自…"""
    return len(line.text) < 100 and _CAPTION.fullmatch(line.text) is not None


def is_intro(line: Line) -> bool:
    """以下为…全文, 全文如下:"""
    return len(line.text) < 100 and _INTRO.fullmatch(line.text) is not None


def is_addressee(line: Line) -> bool:
    """各市、县人民政府,各有关单位:"""
    if line.label is not None or line.text[-1] not in ":：":
        return False
    return _ADDRESSEE.fullmatch(line.text) is not None and _ADDRESSED.search(line.text) is not None
