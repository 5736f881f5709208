"""What a user may set, from the environment (``POLICYQA_…``) or a TOML file, validated when the program starts.

The environment wins over the file. The file is the one named by ``POLICYQA_CONFIG``, else ``config.toml`` in the
per-user configuration folder; it may be absent.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_config_path, user_data_path
from pydantic import AnyHttpUrl, Field, IPvAnyNetwork, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from index.opening import Engine


class SettingsError(Exception):
    """A setting has a value that can't be used; the message names the setting, its source and what it may be."""


class Settings(BaseSettings):
    """Everything that can be set. Sizes in megabytes, times in seconds, as the names say."""

    model_config = SettingsConfigDict(env_prefix="POLICYQA_", extra="forbid", frozen=True)

    store: Path = Field(default_factory=lambda: user_data_path("policyqa") / "store")
    """The folder that holds the documents and their index."""
    encoder: str | None = None
    """A sentence-transformers name or folder; None is the bundled encoder."""
    second_look: Literal["auto", "always", "never"] = "auto"
    """Whether close calls are read again with the bundled reranker: right more often, and a tenth of a second longer
    where it happens. ``auto``: in libraries of up to 8,000 clauses."""
    engine: Engine = Engine.LOCAL
    """What keeps the store: ``local`` (the folder above), ``milvus`` or ``postgres``."""
    engine_uri: SecretStr | None = None
    """The server's address, several with commas between them; secret, since it may hold a password."""
    engine_token: SecretStr | None = None
    """The password or API token for the servers, so that their addresses needn't hold it."""

    language_model: str | None = None
    """A chat model's name as LangChain spells it (``openai:qwen3``). None: answers are composed without a model."""
    language_model_url: AnyHttpUrl | None = None
    """The address of an OpenAI-compatible server (Ollama, vLLM, …); needed for models that are not hosted."""
    language_model_key: SecretStr | None = None
    language_model_timeout_s: Annotated[float, Field(gt=0, le=600)] = 30.0

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 7860
    workers: Annotated[int, Field(ge=1, le=256)] = 1
    """Processes that answer: one uses one processor. Each holds about 0.5 GB of its own."""
    questions_at_once: Annotated[int, Field(ge=0, le=1024)] = 0
    """Questions worked on at a time; 0 chooses by workers and processors, or 32 with a language model."""
    questions_waiting: Annotated[int, Field(ge=0, le=10_000)] = 256
    """Questions that may wait in line; whoever comes after that is told that the service is busy."""
    longest_wait_s: Annotated[float, Field(gt=0, le=600)] = 30.0
    open_to_network: bool = False
    """Whether an address that other machines reach may be served although nobody has to sign in there."""
    open_role: Literal["reader", "editor", "admin"] = "editor"
    """What anybody may do where other machines reach the service and nobody has to sign in."""
    upload_limit_mb: Annotated[int, Field(ge=1, le=2048)] = 50
    question_limit_chars: Annotated[int, Field(ge=50, le=20_000)] = 2_000
    parse_timeout_s: Annotated[float, Field(gt=0, le=3600)] = 120.0

    require_login: bool | None = None
    """Whether people and programs must say who they are. None: wherever other machines reach it and accounts exist."""
    public_url: AnyHttpUrl | None = None
    """The address that people type where a proxy stands in front; with https the cookies are marked Secure."""
    trusted_proxies: tuple[IPvAnyNetwork, ...] = ()
    """Whose X-Forwarded-For and X-Forwarded-Proto are believed."""
    session_idle_minutes: Annotated[int, Field(ge=1, le=10_080)] = 120
    session_hours: Annotated[int, Field(ge=1, le=720)] = 12
    """However busy it is, a session ends after this long."""
    ask_per_minute: Annotated[int, Field(ge=0, le=100_000)] = 30
    """Questions for each account, token or address; 0 is no limit. What comes from this very machine is not counted
    where nobody has to sign in."""
    search_per_minute: Annotated[int, Field(ge=0, le=100_000)] = 120
    upload_per_minute: Annotated[int, Field(ge=0, le=100_000)] = 60
    audit: bool | None = None
    """Whether who did what is written down. None: wherever people sign in or other machines reach the service."""
    audit_days: Annotated[int, Field(ge=1, le=36_500)] = 200
    audit_question_text: bool = True
    """False keeps a keyed hash and the length of a question in place of its words."""
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] | None = None
    """``info`` notes each request. None: ``info`` wherever other machines reach the service, else ``warning``."""

    @property
    def access_folder(self) -> Path:
        """Accounts, sessions and the audit log: beside the store, so that nothing that swaps the store touches them."""
        return self.store.with_name(self.store.name + ".access")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the file. No ``.env`` is read from wherever one happens to be."""
        del dotenv_settings, file_secret_settings
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=config_file()))


def config_file() -> Path:
    """Where settings are read from; the file need not exist."""
    named = os.environ.get("POLICYQA_CONFIG")
    return Path(named) if named else user_config_path("policyqa") / "config.toml"


def load_settings(**overrides: object) -> Settings:
    """The settings in force; ``overrides`` that are None count as not given. Raises SettingsError."""
    given = {name: value for name, value in overrides.items() if value is not None}
    if "POLICYQA_CONFIG" in os.environ and not config_file().is_file():
        msg = f"POLICYQA_CONFIG names {config_file()}, which is not a file. Correct or unset it."
        raise SettingsError(msg)
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        msg = f"Setting {name} (POLICYQA_{name.upper()}, or {name} in {config_file()}): {first['msg']}."
        raise SettingsError(msg) from error
    except ValueError as error:  # TOML that can't be parsed
        msg = f"{config_file()} is not valid TOML: {error}."
        raise SettingsError(msg) from error
