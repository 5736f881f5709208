"""What speaks for or against a clause whatever is asked: worked out once for each, not once for each question."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.model import Clause, PolicyDocument
from qa.document_kinds import official_rank
from qa.language import Language, detect
from qa.pointing import states_breach

_NO_MATTER = frozenset(("题名", "主送", "落款", "目录", "来源", "作者"))
_LEAD_IN = "导语"
"""Steps that the parser names itself: a title block, an addressee line, a signature."""
_SHORT_LEAD = 60


@dataclass(frozen=True, slots=True)
class Fixed:
    """Each between 0 and 1."""

    official: float = 1.0
    """1 for an official text, less for what explains or reports one."""
    length: float = 0.0
    bare: float = 0.0
    """1 where there is no more than a label and a heading."""
    names: float = 0.0
    """1 where the clause only names (a title block, a signature), 0.5 for an opening."""
    announces: float = 0.0
    """1 where it only announces what is below it (如下:)."""
    opens_list: bool = False
    """Whether its own text ends by announcing what is below it."""
    lists: bool = False
    """Whether a sentence of it lists three things or more, parted by 、 or numbered."""
    liability: float = 0.0
    """1 where it says what follows a breach: it stands in a chapter on legal liability, or names breach and penalty."""
    traditional: float = 0.0
    """1 where the document's title is in Traditional characters."""


def fixed_fits(
    clause: Clause, document: PolicyDocument, sentences: Sequence[str], step: str, below: Callable[[], bool]
) -> Fixed:
    """The fits of a clause whose text is ``sentences`` and whose path ends in ``step``, all in `plain` form.

    ``below`` says whether any clause stands below it.
    """
    text = " ".join(sentences)
    names = 0.5 if step == _LEAD_IN else 1.0 if step in _NO_MATTER else 0.0
    announcing = len(text) < _SHORT_LEAD and text.rstrip().endswith((":", "如下", "条件。", "指标。"))
    return Fixed(
        1.0 - official_rank(document) / 2,
        min(1.0, math.log1p(len(text)) / 6.5),
        1.0 if len(text) <= len(clause.label) + len(clause.heading) + 4 else 0.0,
        names,
        1.0 if announcing and not names and below() else 0.0,
        announces_below(text),
        any(sentence.count("、") >= 2 or numbered(sentence) >= 2 for sentence in sentences),
        1.0 if _LIABILITY.search(" ".join(clause.path[:-1])) or states_breach(text) else 0.0,
        1.0 if detect(document.title) is Language.HANT else 0.0,
    )


_LIABILITY = re.compile(r"法律责任|罚则|法律責任|罰則|[Ll]iabilit|[Pp]enalt")


_OPENS_LIST = re.compile(
    r"[:：]\s*$|(?:如下|下列|(?<![元倍年月日人家项万亿吨度岁\d%])以下(?!罚款|有期徒刑|拘留)|之一|同时(?:符合|满足|具备)|分别(?:为|是))[^。;]{0,24}[。:：]?\s*$"
)
_TAIL = 60


def announces_below(text: str) -> bool:
    """Whether ``text`` (in `plain` form) ends by announcing what comes after it."""
    return bool(_OPENS_LIST.search(text[-_TAIL:]))


_ORDINAL = re.compile(r"[一二三四五六七八九十]是|第[一二三四五六七八九十],|[(]?\d[).、]")


def numbered(sentence: str) -> int:
    """How many things a sentence numbers (一是…二是…, 1.…2.…)."""
    return len(_ORDINAL.findall(sentence))
