from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.errors import QuestionFileError
from eval.question import GoldEntry, Question, QuestionType
from eval.question_set import BUNDLED, bundled_set, load_questions, parse_line, question_json, write_questions

SCHEMA = json.loads((BUNDLED.parent / "schema" / "question.schema.json").read_text(encoding="utf-8"))
FORMAT = jsonschema.Draft202012Validator(SCHEMA)
GOOD = {"id": "a", "question": "多少辆?", "gold": [{"doc": "办法", "path": ["第三条"]}]}


def save(folder: Path, *lines: object) -> Path:
    path = folder / "set.jsonl"
    path.write_text(
        "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines), "utf-8"
    )
    return path


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"goal": []}, "goal"),
        ({"id": ""}, "id"),
        ({"id": 7}, "id"),
        ({"question": None}, "question"),
        ({"history": "前一问"}, "history"),
        ({"history": [1]}, "history[0]"),
        ({"type": "riddle"}, "type"),
        ({"answerable": "yes"}, "answerable"),
        ({"answerable": False}, "gold"),
        ({"gold": []}, "gold"),
        ({"gold": [{"path": ["第三条"]}]}, "gold[0].doc"),
        ({"gold": [{"doc": "办法"}]}, "gold[0]"),
        ({"gold": [{"doc": "办法", "path": ["第三条"], "page": 3}]}, "gold[0].page"),
        ({"gold": [{"doc": "办法", "lines": [0]}]}, "gold[0].lines"),
        ({"gold": [{"doc": "办法", "spans": [[5, 5]]}]}, "gold[0].spans"),
        ({"must": ["1200辆"]}, "must[0]"),
        ({"must": [[]]}, "must[0]"),
        ({"version": 2}, "version"),
    ],
)
def test_a_bad_field_is_named_with_file_and_line(tmp_path: Path, change: dict[str, Any], field: str) -> None:
    path = save(tmp_path, {**GOOD, "id": "first"}, "", {**GOOD, **change})
    with pytest.raises(QuestionFileError) as caught:
        load_questions(path)
    assert caught.value.field == field
    assert caught.value.line == 3
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("line", ["{", '["a"]', '"text"', '{"question": "没有编号"}'])
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(QuestionFileError, match="line 2"):
        load_questions(save(tmp_path, GOOD, line))


def test_the_same_id_twice_names_both_lines(tmp_path: Path) -> None:
    with pytest.raises(QuestionFileError, match=r"line 2: field 'id' 'a' was already used on line 1"):
        load_questions(save(tmp_path, GOOD, GOOD))


def test_an_empty_a_missing_and_a_foreign_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(QuestionFileError, match="holds no question"):
        load_questions(save(tmp_path, ""))
    with pytest.raises(QuestionFileError, match="cannot be read"):
        load_questions(tmp_path / "absent.jsonl")
    (tmp_path / "gbk.jsonl").write_bytes("问题".encode("gb18030"))
    with pytest.raises(QuestionFileError, match="not UTF-8"):
        load_questions(tmp_path / "gbk.jsonl")


def test_a_question_without_a_type_is_a_fact_or_unanswerable(tmp_path: Path) -> None:
    silent = {"id": "b", "question": "押金?", "answerable": False}
    first, second = load_questions(save(tmp_path, GOOD, silent)).questions
    assert first.type is QuestionType.FACT
    assert second.type is QuestionType.UNANSWERABLE


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=12).filter(str.strip)
ENTRIES = st.builds(
    GoldEntry,
    doc=TEXTS,
    path=st.lists(TEXTS, min_size=1, max_size=3).map(tuple),
    lines=st.lists(st.integers(1, 999), max_size=3).map(tuple),
    spans=st.lists(st.tuples(st.integers(0, 50), st.integers(51, 99)), max_size=2).map(tuple),
    file=st.one_of(st.just(""), TEXTS),
)
ANSWERABLE = st.builds(
    Question,
    id=TEXTS,
    question=TEXTS,
    type=st.sampled_from(QuestionType),
    lang=st.sampled_from(["zh", "en", "zh-Hant"]),
    history=st.lists(TEXTS, max_size=2).map(tuple),
    gold=st.lists(ENTRIES, min_size=1, max_size=2).map(tuple),
    alt_gold=st.lists(ENTRIES, max_size=2).map(tuple),
    must=st.lists(st.lists(TEXTS, min_size=1, max_size=2).map(tuple), max_size=2).map(tuple),
    draft=st.booleans(),
    note=st.one_of(st.just(""), TEXTS),
)


@settings(deadline=None)  # the machine may be busy; what is tested is not speed
@given(ANSWERABLE)
def test_what_is_written_reads_back_equal_and_follows_the_schema(question: Question) -> None:
    record = question_json(question)
    FORMAT.validate(record)
    assert parse_line(json.dumps(record)) == question


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"goal": []},
        {"id": ""},
        {"history": [1]},
        {"type": "riddle"},
        {"answerable": False},
        {"gold": []},
        {"gold": [{"doc": "办法"}]},
        {"gold": [{"doc": "办法", "lines": [0]}]},
        {"must": [[]]},
        {"version": 2},
        {"answerable": False, "gold": []},
        {"answerable": False, "gold": [], "must": [["x"]]},
    ],
)
def test_reader_and_schema_agree(change: dict[str, Any]) -> None:
    record = {**GOOD, **change}
    accepted = not list(FORMAT.iter_errors(record))
    try:
        parse_line(json.dumps(record))
    except QuestionFileError:
        assert not accepted
    else:
        assert accepted


def test_a_set_can_be_written_and_loaded(tmp_path: Path) -> None:
    question = Question("a", "多少?", gold=(GoldEntry("办法", ("第三条",)),))
    assert write_questions(tmp_path / "out.jsonl", [question]) == 1
    assert [q.id for q in load_questions(tmp_path / "out.jsonl").questions] == ["a"]


def test_the_bundled_digital_economy_set_loads_and_follows_the_schema() -> None:
    loaded = load_questions(bundled_set("digital-economy-2021"))
    assert len(loaded) == 139
    for question in loaded.questions:
        FORMAT.validate(question_json(question))


@pytest.mark.shared
def test_the_bundled_set_carries_no_sentence_of_its_source() -> None:
    corpus = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "2021年出台的数字经济政策汇编.txt"
    if not corpus.is_file():
        pytest.skip("the folder ../shared is not there")
    run = 24
    source = "".join(corpus.read_text(encoding="utf-8").split())
    held = {source[i : i + run] for i in range(len(source) - run + 1)}
    for question in load_questions(bundled_set("digital-economy-2021")).questions:
        record = question_json(question)
        for entry in (*record["gold"], *record.get("alt_gold", [])):
            del entry["doc"]  # titles are names, not running text
        for text in strings(record):
            squeezed = "".join(text.split())
            assert not any(squeezed[i : i + run] in held for i in range(len(squeezed) - run + 1)), question.id


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [s for v in value.values() for s in strings(v)]
    return [s for v in value for s in strings(v)] if isinstance(value, list) else []
