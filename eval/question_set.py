"""Question sets as JSON lines: read with every mistake named by file, line and field; written back the same way.

The format is published as ``eval/schema/question.schema.json``; this reader checks the same rules without needing
a JSON Schema library, and a test holds the two together.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from eval.errors import QuestionFileError
from eval.question import FORMAT_VERSION, GoldEntry, Question, QuestionSet, QuestionType
from ingest.model import Span

QUESTION_FIELDS = frozenset(
    "version id question history lang type gold alt_gold must answerable draft note".split()  # noqa: SIM905
)
GOLD_FIELDS = frozenset(("doc", "path", "lines", "spans", "file"))
BUNDLED = Path(__file__).resolve().parent / "questions"
"""The folder of the question sets that come with the project."""


def bundled_set(name: str) -> Path:
    """The path of a question set that comes with the project, by its file name without ``.jsonl``."""
    return BUNDLED / f"{name}.jsonl"


def load_questions(path: Path) -> QuestionSet:
    """The questions of a JSON-lines file, in order. Blank lines are allowed and skipped.

    Raises QuestionFileError, which names file, line and field, for a missing file, text that is not UTF-8, a line
    that is not a JSON object, an unknown or missing field, a value of the wrong kind, or an id that occurs twice.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise QuestionFileError(path, None, None, f"cannot be read ({error.strerror or error})") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise QuestionFileError(path, None, None, "is not UTF-8 text; save it as UTF-8") from error
    questions: list[Question] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        question = parse_line(line, path, number)
        if question.id in seen:
            raise QuestionFileError(path, number, "id", f"{question.id!r} was already used on line {seen[question.id]}")
        seen[question.id] = number
        questions.append(question)
    if not questions:
        raise QuestionFileError(path, None, None, "holds no question")
    return QuestionSet(path.name, tuple(questions), hashlib.sha256(data).hexdigest())


def parse_line(line: str, path: Path | str = "questions", number: int = 0) -> Question:
    """One question from one line of JSON. Raises QuestionFileError."""
    try:
        raw = json.loads(line)
    except json.JSONDecodeError as error:
        problem = f"is not valid JSON ({error.msg} at column {error.colno})"
        raise QuestionFileError(path, number, None, problem) from error
    return _LineReader(path, number).question(raw)


def question_json(question: Question) -> dict[str, Any]:
    """The question as the object that its line holds; reading it back gives an equal question (``line`` aside)."""
    record: dict[str, Any] = {
        "version": FORMAT_VERSION,
        "id": question.id,
        "question": question.question,
        "history": list(question.history),
        "lang": question.lang,
        "type": str(question.type),
        "gold": [_gold_json(entry) for entry in question.gold],
    }
    if question.alt_gold:
        record["alt_gold"] = [_gold_json(entry) for entry in question.alt_gold]
    record["must"] = [list(spellings) for spellings in question.must]
    record["answerable"] = question.answerable
    if question.draft:
        record["draft"] = True
    if question.note:
        record["note"] = question.note
    return record


def write_questions(path: Path, questions: Iterable[Question]) -> int:
    """Writes a question set and gives the number of questions written."""
    lines = [json.dumps(question_json(q), ensure_ascii=False) for q in questions]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return len(lines)


def _gold_json(entry: GoldEntry) -> dict[str, Any]:
    record: dict[str, Any] = {"doc": entry.doc}
    if entry.path or not (entry.lines or entry.spans):
        record["path"] = list(entry.path)
    if entry.lines:
        record["lines"] = list(entry.lines)
    if entry.spans:
        record["spans"] = [list(span) for span in entry.spans]
    if entry.file:
        record["file"] = entry.file
    return record


class _LineReader:
    """Checks the values of one line; knows where it stands, so that every error can say so."""

    def __init__(self, path: Path | str, line: int) -> None:
        self.path = path
        self.line = line

    def fail(self, field: str | None, problem: str) -> QuestionFileError:
        return QuestionFileError(self.path, self.line, field, problem)

    def question(self, raw: object) -> Question:
        if not isinstance(raw, dict):
            raise self.fail(None, "is not a JSON object; each line holds one question as {…}")
        for name in raw:
            if name not in QUESTION_FIELDS:
                raise self.fail(name, f"is unknown; known are {', '.join(sorted(QUESTION_FIELDS))}")
        version = raw.get("version", FORMAT_VERSION)
        if version != FORMAT_VERSION or isinstance(version, bool):
            raise self.fail("version", f"is {version!r}, this program reads version {FORMAT_VERSION}")
        for name in ("id", "question"):
            if name not in raw:
                raise self.fail(name, "is missing")
        answerable = self.flag(raw, "answerable", default=True)
        question = Question(
            id=self.text(raw["id"], "id"),
            question=self.text(raw["question"], "question"),
            type=self.type_of(raw.get("type", "fact" if answerable else "unanswerable")),
            lang=self.text(raw.get("lang", "zh"), "lang"),
            history=self.texts(raw.get("history", []), "history"),
            gold=self.entries(raw.get("gold", []), "gold"),
            alt_gold=self.entries(raw.get("alt_gold", []), "alt_gold"),
            must=self.facts(raw.get("must", [])),
            answerable=answerable,
            draft=self.flag(raw, "draft", default=False),
            note=self.text(raw.get("note", ""), "note", empty=True),
            line=self.line,
        )
        if answerable and not question.gold:
            raise self.fail("gold", "is empty, but the question is answerable: name the clause that answers it")
        if not answerable and (question.gold or question.alt_gold):
            raise self.fail("gold", "must be empty where answerable is false")
        if not answerable and question.must:
            raise self.fail("must", "must be empty where answerable is false")
        return question

    def text(self, value: object, field: str, *, empty: bool = False) -> str:
        if not isinstance(value, str):
            raise self.fail(field, f"must be a string, not {json.dumps(value, ensure_ascii=False)[:40]}")
        if not empty and not value.strip():
            raise self.fail(field, "must not be empty")
        return value

    def texts(self, value: object, field: str, *, at_least: int = 0) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise self.fail(field, "must be a list of strings")
        if len(value) < at_least:
            raise self.fail(field, "must not be empty")
        return tuple(self.text(item, f"{field}[{i}]") for i, item in enumerate(value))

    def flag(self, raw: dict[str, Any], field: str, *, default: bool) -> bool:
        value = raw.get(field, default)
        if not isinstance(value, bool):
            raise self.fail(field, "must be true or false")
        return value

    def type_of(self, value: object) -> QuestionType:
        try:
            return QuestionType(self.text(value, "type"))
        except ValueError as error:
            raise self.fail("type", f"is {value!r}; known are {', '.join(QuestionType)}") from error

    def facts(self, value: object) -> tuple[tuple[str, ...], ...]:
        if not isinstance(value, list):
            raise self.fail("must", "must be a list of lists of accepted spellings")
        return tuple(self.texts(item, f"must[{i}]", at_least=1) for i, item in enumerate(value))

    def entries(self, value: object, field: str) -> tuple[GoldEntry, ...]:
        if not isinstance(value, list):
            raise self.fail(field, "must be a list of objects")
        return tuple(self.entry(item, f"{field}[{i}]") for i, item in enumerate(value))

    def entry(self, value: object, field: str) -> GoldEntry:
        if not isinstance(value, dict):
            raise self.fail(field, "must be an object with doc and path")
        for name in value:
            if name not in GOLD_FIELDS:
                raise self.fail(f"{field}.{name}", f"is unknown; known are {', '.join(sorted(GOLD_FIELDS))}")
        if "doc" not in value:
            raise self.fail(f"{field}.doc", "is missing")
        entry = GoldEntry(
            doc=self.text(value["doc"], f"{field}.doc"),
            path=self.texts(value.get("path", []), f"{field}.path"),
            lines=self.lines(value.get("lines", []), f"{field}.lines"),
            spans=self.spans(value.get("spans", []), f"{field}.spans"),
            file=self.text(value.get("file", ""), f"{field}.file", empty=True),
        )
        if not (value.keys() & {"path", "lines", "spans"}):
            raise self.fail(field, "names a document only; give the clause's path ([] for text without one), or lines")
        return entry

    def lines(self, value: object, field: str) -> tuple[int, ...]:
        if not isinstance(value, list) or not all(_whole(n) and n >= 1 for n in value):
            raise self.fail(field, "must be a list of line numbers from 1")
        return tuple(value)

    def spans(self, value: object, field: str) -> tuple[Span, ...]:
        if not isinstance(value, list):
            raise self.fail(field, "must be a list of [start, end]")
        for span in value:
            if not (
                isinstance(span, list) and len(span) == 2 and all(_whole(n) for n in span) and 0 <= span[0] < span[1]
            ):
                raise self.fail(field, "must be a list of [start, end] with 0 <= start < end")
        return tuple((span[0], span[1]) for span in value)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
