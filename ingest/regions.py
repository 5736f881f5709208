"""Which part of the country a document speaks for: the province or city in its title, issuers or number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.model import Kind

_PROVINCE = re.compile(
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|四川|贵州|"
    "云南|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾"
)
_SHORT = {
    "京": "北京",
    "津": "天津",
    "冀": "河北",
    "晋": "山西",
    "蒙": "内蒙古",
    "辽": "辽宁",
    "吉": "吉林",
    "黑": "黑龙江",
    "沪": "上海",
    "苏": "江苏",
    "浙": "浙江",
    "皖": "安徽",
    "闽": "福建",
    "赣": "江西",
    "鲁": "山东",
    "豫": "河南",
    "鄂": "湖北",
    "湘": "湖南",
    "粤": "广东",
    "桂": "广西",
    "琼": "海南",
    "渝": "重庆",
    "川": "四川",
    "黔": "贵州",
    "滇": "云南",
    "藏": "西藏",
    "陕": "陕西",
    "甘": "甘肃",
    "青": "青海",
    "宁": "宁夏",
    "新": "新疆",
}
_PLACE = re.compile(
    r"(?:^|^\d{4}年(?:度)?|关于|印发|《|的)(?!在|全|年|度)([\u4e00-\u9fff]{2,6}?(?:自治区|自治州|省|市|州|县|區|縣|区))(?!场|政|域|块链|分)"
)
_WHOLE = re.compile(r"全国(?!首)|各省|国家|中华人民共和国|国务院")
_TAIWAN = re.compile(r"中華民國|民國\s*\d|立法院|行政院")
_MADE = frozenset({Kind.LAW, Kind.REGULATION, Kind.RULE})
_ALLIANCES = ("长三角", "京津冀", "粤港澳大湾区", "成渝", "长江三角洲", "珠三角")


def region_of(title: str, issuers: Sequence[str], number: str | None) -> str | None:
    """The province (云南), else the city or county (云溪市) named; None where a text speaks for the whole country."""
    for text in (title, *issuers):
        if _WHOLE.search(text):
            continue
        for alliance in _ALLIANCES:
            if alliance in text:
                return alliance
        province = _PROVINCE.search(text)
        if province is not None:
            return province[0]
    if number and number[0] in _SHORT and not number.startswith(("国", "新华")) and len(number) > 6:
        return _SHORT[number[0]]
    for text in (title, *issuers):
        place = _PLACE.search(text)
        if place is not None and not _WHOLE.search(text):
            return place[1]
    return None


def region_of_law(kind: Kind, body: str) -> str | None:
    """台湾 for a law in articles (第1條) that itself names the offices or the calendar of Taiwan; else None."""
    return "台湾" if kind in _MADE and "條" in body and _TAIWAN.search(body) is not None else None
