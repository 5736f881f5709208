"""A language model's rewording of drafted questions, believed only where it keeps to the clause."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from eval.labels import plain
from eval.metrics.facts import shows
from eval.question import Question

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_PROMPT = """下面是一份政策文件的条款,和一个从它生成的问题。请把问题改写成普通人会用的口语问法:不要照抄条款的措辞,
不要提到答案,问题必须只靠这一条款就能回答。再列出完整回答必须包含的事实,每个事实是条款里的原词,不超过12个字。
只输出一个 JSON 对象:{{"question": "…", "facts": ["…"]}}

条款:
{clause}

问题:{question}"""
_OBJECT = re.compile(r"\{.*\}", re.S)
_MAX_CHARS = 120
_MAX_COPIED = 0.8


class ModelReworder:
    """Rewords with any LangChain chat model; what does not stand up to the clause is not used."""

    def __init__(self, model: BaseChatModel) -> None:
        self._model = model

    def reword(self, question: Question, clause_text: str) -> Question | None:
        """The question as the model says it, with the facts it names, or None.

        None where the reply is no such JSON object, where a fact is not in the clause, or where the question gives a
        fact away or copies the clause. Errors of the model itself are raised as they are.
        """
        reply = self._model.invoke(_PROMPT.format(clause=clause_text[:2000], question=question.question))
        said = reply.content if isinstance(reply.content, str) else ""
        found = _OBJECT.search(said)
        if not found:
            return None
        try:
            raw = json.loads(found.group())
            asked, facts = str(raw["question"]).strip(), [str(fact).strip() for fact in raw["facts"]]
        except (ValueError, KeyError, TypeError):
            return None
        if not asked or len(asked) > _MAX_CHARS or _copied(asked, clause_text) > _MAX_COPIED:
            return None
        if not facts or any(not shows(clause_text, [fact]) or shows(asked, [fact]) for fact in facts):
            return None
        return replace(question, question=asked, must=tuple((fact,) for fact in facts))


def _copied(asked: str, clause: str) -> float:
    """The share of the question's runs of four characters that stand in the clause."""
    have, want = plain(clause), plain(asked)
    runs = [want[i : i + 4] for i in range(len(want) - 3)]
    return sum(run in have for run in runs) / len(runs) if runs else 0.0
