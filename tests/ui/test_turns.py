from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from qa.wire import reply_json
from ui.turns import MOST_TURNS, history_of, kept_turns, new_turn, stopped_turn
from ui.workspace import Workspace

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)


def a_turn(workspace: Workspace, question: str = "骑行满一百公里补贴多少？") -> dict[str, Any]:
    return new_turn(reply_json(workspace.ask(question)), took_ms=12.34)


@given(JSON)
def test_whatever_the_browser_sends_is_either_a_turn_or_left_out(value: Any) -> None:
    assert kept_turns(value) == []
    assert kept_turns([value]) == []


def test_a_turn_survives_the_way_through_the_browser(shared_workspace: Workspace) -> None:
    turn = a_turn(shared_workspace)
    assert kept_turns([turn]) == [turn]
    assert turn["took_ms"] == 12.3


def test_a_turn_with_a_damaged_citation_is_left_out(shared_workspace: Workspace) -> None:
    turn = a_turn(shared_workspace)
    turn["citations"][0]["spans"] = [["1", 2]]
    assert kept_turns([turn]) == []


def test_only_the_newest_turns_are_kept(shared_workspace: Workspace) -> None:
    turns = [stopped_turn(f"问题{n}") for n in range(MOST_TURNS + 5)]
    assert history_of(kept_turns(turns))[0] == "问题5"


def test_a_turn_leaves_out_what_is_not_shown_again(shared_workspace: Workspace) -> None:
    turn = a_turn(shared_workspace)
    assert "retrieved" not in turn
    assert all("text" not in one for one in turn["nearest"])
