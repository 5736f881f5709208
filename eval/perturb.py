"""The same question asked otherwise: mistyped, in Traditional characters, after unrelated turns, in other words."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

from eval.errors import QuestionFileError
from eval.question import Question

VIEWS = ("typos", "traditional", "colloquial", "english", "unrelated")
_WRITTEN = ("colloquial", "english")
_SLIP_PAIRS = """
规/归 划/化 数/树 据/剧 条/调 件/建 申/伸 请/清 报/抱 补/朴 贴/帖 业/夜 企/起 法/发 施/失 办/半 标/表 准/淮 期/其 限/线
钱/前 金/今 额/鹅 税/睡 证/正 要/耀 需/须 哪/那 几/己 多/夺 少/稍 怎/憎 样/洋 谁/推 能/熊 查/察 管/馆 理/里 责/则 任/人
罚/伐 款/欸 公/工 司/思 政/正 府/付 部/步 门/们 市/是 省/生 区/曲 块/快 链/连 网/罔 平/评 台/抬 安/按 全/权 技/计 术/述
创/闯 新/心 服/伏 务/物 人/入 才/材 建/健 设/没 目/木 时/是 间/问 年/念 月/越 天/夭 最/醉 高/搞 级/极 定/订 什/十 么/摸
车/东 充/冲 电/店
"""
_SLIPS = dict(pair.split("/") for pair in _SLIP_PAIRS.split())
"""What fingers and input methods put in a character's place: a homophone or a lookalike."""
_UNRELATED = ("今天食堂中午几点开饭?", "帮我想一句给同事的生日祝福")


def mistyped(question: str) -> str:
    """The question with one character in about ten wrong, at least one where possible; always the same ones."""
    places = [i for i, char in enumerate(question) if char in _SLIPS]
    if not places:
        return question[:1] + question[2:3] + question[1:2] + question[3:] if len(question) > 3 else question
    places.sort(key=lambda i: crc32(f"{question}{i}".encode()))
    wrong = set(places[: max(1, len(question) // 10)])
    return "".join(_SLIPS[char] if i in wrong else char for i, char in enumerate(question))


def traditional(question: str) -> str:
    """The question in Traditional characters (OpenCC, Taiwan standard)."""
    converted: str = _to_traditional().convert(question)
    return converted


@cache
def _to_traditional() -> Any:
    from opencc import OpenCC

    return OpenCC("s2tw")


def perturbed(question: Question, view: str, written: dict[tuple[str, str], str]) -> Question | None:
    """The question under a view, with the same gold; None where the view does not apply to it.

    ``written`` maps (question id, view) to wordings that people wrote (see `load_variants`). Typos and Traditional
    characters are made for Chinese questions only. Raises KeyError for an unknown view.
    """
    if view not in VIEWS:
        raise KeyError(view)
    if view in _WRITTEN:
        text = written.get((question.id, view))
        return None if text is None else replace(question, question=text, lang="en" if view == "english" else "zh")
    if view == "unrelated":
        return replace(question, history=(*_UNRELATED, *question.history))
    if question.lang != "zh":
        return None
    if view == "typos":
        return replace(question, question=mistyped(question.question))
    history = tuple(traditional(turn) for turn in question.history)
    return replace(question, question=traditional(question.question), history=history, lang="zh-Hant")


def variants_of(questions: Path) -> Path:
    """Where the written variants of a question set lie: beside it, ``NAME.variants.jsonl``."""
    return questions.with_name(f"{questions.stem}.variants.jsonl")


def load_variants(path: Path) -> dict[tuple[str, str], str]:
    """(question id, view) -> wording, from lines ``{"id", "view", "question"}``; empty where there is no such file.

    Raises QuestionFileError, naming line and field.
    """
    if not path.is_file():
        return {}
    found: dict[tuple[str, str], str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
        except json.JSONDecodeError as error:
            raise QuestionFileError(path, number, None, f"is not valid JSON ({error.msg})") from error
        for field in ("id", "view", "question"):
            if not isinstance(raw, dict) or not isinstance(raw.get(field), str) or not raw[field].strip():
                raise QuestionFileError(path, number, field, "is missing or empty")
        if raw["view"] not in _WRITTEN:
            raise QuestionFileError(path, number, "view", f"is {raw['view']!r}; known are {', '.join(_WRITTEN)}")
        found[raw["id"], raw["view"]] = raw["question"]
    return found
