from __future__ import annotations

import json
import subprocess
import sys

import pytest

from ui.chromium import find_chromium
from ui.page_speed import main
from ui.workspace import Workspace


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_the_figures_of_a_served_store_are_taken_in_a_browser(workspace: Workspace) -> None:
    pytest.importorskip("playwright.sync_api", reason="install the dev extra for browser tests")
    if find_chromium() is None:
        pytest.skip("no Chromium on this machine: install Debian's chromium and fonts-noto-cjk for browser tests")
    store = workspace.settings.store
    workspace.store.close()
    # In a process of its own, since the other tests' browser is driven from this one.
    command = [sys.executable, "-m", "ui.page_speed", "--store", str(store), "--rounds", "2"]
    ran = subprocess.run([*command, "--question", "骑行满一百公里补贴多少钱？"], capture_output=True, check=True)
    figures = json.loads(ran.stdout)
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
