import json
from pathlib import Path

import pytest
import typer

from ui.batch import read_batch


def batch(tmp_path: Path, *lines: object) -> Path:
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines), encoding="utf-8")
    return file


def test_lines_keep_their_order_ids_history_and_filters(tmp_path: Path) -> None:
    file = batch(
        tmp_path,
        {"id": "b", "question": "一"},
        "",
        {"question": "二", "history": ["一"], "filters": {"kinds": ["plan"]}},
    )
    first, second = read_batch(file)
    assert (first.given, first.history, first.filters) == ({"id": "b"}, (), None)
    assert (second.given, second.history) == ({}, ("一",))
    assert second.filters is not None
    assert second.filters.kinds == ("plan",)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("{", "JSON"),
        ([1], "question"),
        ({"question": 3}, "question"),
        ({"question": "x", "history": "y"}, "history"),
        ({"question": "x", "filters": ["y"]}, "filters"),
        ({"question": "x", "filters": {"colour": "red"}}, "colour"),
    ],
)
def test_a_malformed_line_is_named_with_its_field(
    line: object, field: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended:
        read_batch(batch(tmp_path, {"question": "fine"}, line))
    assert ended.value.exit_code == 2
    told = capsys.readouterr().err
    assert "questions.jsonl, line 2" in told
    assert field in told
