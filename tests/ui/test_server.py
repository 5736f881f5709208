from __future__ import annotations

from pathlib import Path

import pytest

from qa.settings import Settings, SettingsError
from ui.server import check_address


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_this_machine_is_served_without_asking(tmp_path: Path, host: str) -> None:
    check_address(Settings(store=tmp_path, host=host))


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "policies.example"])
def test_an_address_that_others_reach_is_refused_unless_it_is_meant(tmp_path: Path, host: str) -> None:
    with pytest.raises(SettingsError, match="POLICYQA_OPEN_TO_NETWORK"):
        check_address(Settings(store=tmp_path, host=host))
    check_address(Settings(store=tmp_path, host=host, open_to_network=True))
