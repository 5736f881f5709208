from pathlib import Path

import pytest

from qa.settings import Settings, SettingsError, load_settings


@pytest.fixture(autouse=True)
def _own_config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    file = tmp_path / "config.toml"
    file.write_text("", encoding="utf-8")
    monkeypatch.setenv("POLICYQA_CONFIG", str(file))
    monkeypatch.delenv("POLICYQA_STORE", raising=False)
    return file


def test_environment_wins_over_the_file(_own_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _own_config.write_text("port = 8001\nencoder = 'from-file'", encoding="utf-8")
    monkeypatch.setenv("POLICYQA_PORT", "8002")
    settings = load_settings()
    assert (settings.port, settings.encoder) == (8002, "from-file")


def test_an_argument_wins_over_both_and_none_counts_as_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYQA_PORT", "8002")
    assert load_settings(port=8003).port == 8003
    assert load_settings(port=None).port == 8002


@pytest.mark.parametrize(
    ("name", "value"),
    [("POLICYQA_PORT", "70000"), ("POLICYQA_UPLOAD_LIMIT_MB", "0"), ("POLICYQA_LANGUAGE_MODEL_URL", "x")],
)
def test_a_bad_value_is_named_with_its_variable(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        load_settings()


def test_an_unknown_name_in_the_file_is_an_error(_own_config: Path) -> None:
    _own_config.write_text("prot = 8001", encoding="utf-8")
    with pytest.raises(SettingsError, match="prot"):
        load_settings()


def test_broken_toml_names_the_file(_own_config: Path) -> None:
    _own_config.write_text("port = = 1", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"config\.toml"):
        load_settings()


def test_a_named_file_that_is_missing_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("POLICYQA_CONFIG", str(tmp_path / "nowhere.toml"))
    with pytest.raises(SettingsError, match=r"nowhere\.toml"):
        load_settings()


def test_keys_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYQA_LANGUAGE_MODEL_KEY", "s3cret")
    assert "s3cret" not in repr(load_settings())
    assert isinstance(load_settings(), Settings)
