"""What who asks says of themselves (我们厂去年营收800万,…): it is background, and its year is not the policy's."""

from __future__ import annotations

import re

from qa.language import plain

_PARTS = re.compile(r"(?<=[,。;:!?])")
_OWN_FIGURE = re.compile(
    r"(?:营收|收入|销售额?|产值|利润|纳税|缴税|研发|生意|投入?)(?:了|是|有|做到|达到|大概|才|只有|不到|超过|过)*"
    r"(?:[\d.]+|[一二三四五六七八九十百千两]+)?多?[百千万亿]+元?(?![百千万亿元的])"
)
_ASKS = re.compile(r"[吗吧么呢?]|(\w)不\1|能不能|是否|多少|几|哪|什么|啥|怎|如何|谁")


def background(question: str) -> str:
    """The parts of ``question`` (in `plain` form) that state a figure of the asker's and ask nothing."""
    return "".join(part for part in _parts(question) if _is_background(part))


def without_background(question: str) -> str:
    """``question`` in `plain` form, less its `background`."""
    return "".join(part for part in _parts(question) if not _is_background(part))


def _parts(question: str) -> list[str]:
    return _PARTS.split(plain(question))


def _is_background(part: str) -> bool:
    return bool(_OWN_FIGURE.search(part)) and not _ASKS.search(part)
