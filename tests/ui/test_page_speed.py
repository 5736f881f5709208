from __future__ import annotations

import pytest

from ui.chromium import NoChromiumError
from ui.page_speed import main, measure
from ui.workspace import Workspace


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_the_figures_of_a_served_store_are_taken_in_a_browser(workspace: Workspace) -> None:
    store = workspace.settings.store
    workspace.store.close()
    try:
        figures = measure(store, "骑行满一百公里补贴多少钱？", rounds=2)
    except NoChromiumError as missing:
        pytest.skip(str(missing))
    assert 0 < figures["serve_ready_s"] <= figures["page_stands_s"]
    assert 0 < figures["first_text_p50_ms"] <= figures["first_text_p95_ms"]
    assert figures["interactive_cold_ms"] > 0


def test_without_a_browser_the_command_says_what_is_missing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store = workspace.settings.store
    workspace.store.close()
    monkeypatch.setenv("PATH", "/nowhere")
    assert main(["--store", str(store)]) == 2
    assert "chromium" in capsys.readouterr().err
