"""Words by which a clause leaves its matter to another one: 违反本法第三十四条规定的,处…; 与国家级标准相同."""

from __future__ import annotations

import re

SAME_AS = re.compile(
    r"(?:与|同|按照?|参照|参考|执行)([^,。;,;()()与]{2,24}?)(?:的?(?:要求"
    r"|条件|标准|规定|指标|执行))*(?:相同|一致|相一致|同|执行|等同)"
)
_DEFERS = re.compile(
    r"(?:依照|按照?|参照|适用|执行|与|同|符合|超过|不超过)[^。;]{0,40}?(?:规定|要求"
    r"|条件|标准)的?[^。;]{0,4}(?:处理|执行|办理|处罚|确定|期限|标准|情形|相同|一致|同)"
    r"|(?:依照|按照?|参照|适用)[^。;]{0,60}?第[(]?[零〇一二三四五六七八九十百千\d]+[)]?(?:条|款|项|部分)[^。;]{0,2}(?:处理|执行|办理|处罚)"
    r"|前条|前款|另行规定见|见第|详见"
)
ITEMS_BESIDE = re.compile(
    r"(?:以上|上述|前述|前列)第?((?:[\d一二三四五六七八九十]{1,2}[、,和及至~-]?){1,5})(?:项|条|款|点)"
)
"""Words that name items beside the clause by their numbers (以上3、4项指标)."""
_BREACH = re.compile(r"违反[^。;]{0,24}(?:第[零〇一二三四五六七八九十百千\d]+条|前款|前条|规定)")
BREACH_OF_ALL = re.compile(
    r"(?:违反|未(?:按照?|依照?|履行|遵守)|不(?:履行|遵守|按照?))本(?:法|规定|条例|办法|细则|规则)(?!第)(?:的?规定)?(?!第)"
)
"""Words that punish a breach of the whole document rather than of one article (违反本规定…的)."""
_ASKED = re.compile(
    r"原条款|那一?[条款]|哪[条款些个]|依据|按哪|参照"
    r"|怎么(?:规定|说|写)|具体|指的|见|看|没(?:写|列)|引用|对应"
)


def defers(text: str) -> bool:
    """Whether ``text`` (in `plain` form) says that what another clause says holds."""
    return bool(_DEFERS.search(text) or SAME_AS.search(text) or ITEMS_BESIDE.search(text))


def states_breach(text: str) -> bool:
    """Whether ``text`` (in `plain` form) says what follows a breach of another clause."""
    return bool(_BREACH.search(text)) and bool(_PUNISHED.search(text))


_PUNISHED = re.compile(r"罚款|责令|警告|没收|吊销|处分")


def leaves_open(text: str) -> bool:
    """Whether ``text`` (in `plain` form) can't be understood without the clauses it points to."""
    return defers(text) or bool(_BREACH.search(text))


def asks_onward(question: str) -> bool:
    """Whether a question asks for what is pointed to: 依据的那一款是怎么写的?"""
    return bool(_ASKED.search(question))
