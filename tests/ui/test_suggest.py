from __future__ import annotations

from pathlib import Path

from qa.wire import reply_json
from ui.suggest import examples, follow_ups
from ui.turns import new_turn
from ui.words import Words
from ui.workspace import Workspace


def test_every_example_gets_an_answer_that_quotes_a_text(shared_workspace: Workspace) -> None:
    for language in ("zh", "en"):
        asked = examples(shared_workspace, Words(language))
        assert asked
        for question in asked:
            assert any(len(one.quote) > 10 for one in shared_workspace.ask(question).citations)


def test_examples_are_found_anew_once_the_store_has_changed(workspace: Workspace, tmp_path: Path) -> None:
    from ui.uploads import ingest_upload

    before = examples(workspace, Words("zh"))
    assert examples(workspace, Words("zh")) is before
    text = "柳河市夜间照明规定\n\n第一章 开灯时间\n\n第一条　路灯应当在日落后十分钟内开启，并在日出前十分钟内关闭。\n"
    ingest_upload(workspace, "照明.txt", text.encode())
    assert examples(workspace, Words("zh")) is not before


def test_follow_ups_stay_with_the_cited_document_and_never_repeat_the_question(shared_workspace: Workspace) -> None:
    turn = new_turn(reply_json(shared_workspace.ask("骑行补贴办法从什么时候起施行？")), took_ms=1.0)
    asked = follow_ups(shared_workspace, turn, Words("zh"))
    assert asked
    assert all("绿色出行" in one.question and one.heading in one.question for one in asked)
    assert turn["question"] not in [one.question for one in asked]
