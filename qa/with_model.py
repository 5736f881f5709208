"""Writing with a language model, when one is set: any LangChain chat model, kept to what the clauses say."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.compose import Draft, quiet
from qa.evidence import Piece
from qa.language import Language
from qa.library import Shelf
from qa.literals import unborne_figures, unborne_names
from qa.prompt import answer_messages, give_handles, rewrite_messages
from qa.verify import Checked, check, sentences_of
from qa.wording import say

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from qa.settings import Settings

_LOG = logging.getLogger(__name__)
_LONGEST_QUESTION = 200


class ModelFailedError(Exception):
    """The model gave nothing that can be shown; ``str(error)`` says why, for a notice."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a model's answer: the sentences borne out, as a draft, and the ones removed."""

    draft: Draft
    removed: tuple[Checked, ...]


def chat_model(settings: Settings) -> BaseChatModel | None:
    """The chat model that the settings name, or None where they name none.

    With an address the server is taken to speak OpenAI's protocol (Ollama, vLLM, …) whatever the model is called.
    """
    if not settings.language_model:
        return None
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {"temperature": 0, "timeout": settings.language_model_timeout_s, "max_retries": 0}
    name = settings.language_model
    if settings.language_model_url is not None:
        options["base_url"] = str(settings.language_model_url)
        # Local servers ask for no key, but the client refuses to start without one.
        options["api_key"] = "none"
        name = name if name.startswith("openai:") else f"openai:{name}"
    if settings.language_model_key is not None:
        options["api_key"] = settings.language_model_key.get_secret_value()
    model: BaseChatModel = init_chat_model(name, **options)
    return model


def write(
    model: BaseChatModel, question: str, pieces: Sequence[Piece], language: Language, shelf: Shelf, timeout_s: float
) -> Generator[str, None, Written]:
    """Yields each sentence of the model's as soon as its clauses bear it out; returns the whole.

    Raises ModelFailedError where the model fails, or where nothing that it wrote is borne out.
    """
    handles = give_handles(pieces)
    draft = Draft(language)
    removed: list[Checked] = []
    for sentence in sentences_of(_stream(model, answer_messages(question, handles, language), timeout_s)):
        checked = check(sentence, handles, shelf)
        if checked.problem:
            removed.extend([checked] if checked.text else [])
            continue
        marks = "".join(draft.cite(handles.pieces[handle]) for handle in checked.handles)
        draft.lines.append(f"{quiet(checked.text)}{marks}")
        yield draft.lines[-1] + "\n"
    if not draft.citations:
        raise ModelFailedError("; ".join(sorted({c.problem for c in removed})[:2]) or "empty answer")
    return Written(draft, tuple(removed))


def removed_notice(removed: Sequence[Checked], language: Language) -> str:
    """The notice that shows what was removed."""
    shown = " ".join(f"“{quiet(one.text)}”({one.problem})" for one in removed[:5])
    return say("removed", language, count=len(removed), sentences=shown)


def rewrite(model: BaseChatModel, question: str, history: Sequence[str], timeout_s: float) -> str | None:
    """The question made standalone by the model, or None where what it wrote adds figures or names of its own."""
    try:
        written = "".join(_stream(model, rewrite_messages(question, history), timeout_s)).strip()
    except ModelFailedError as error:
        _LOG.warning("the language model could not rewrite a follow-up: %s", error)
        return None
    line = re.sub(r"^\W+", "", written.splitlines()[0]) if written else ""
    sources = (*history, question)
    if not 2 <= len(line) <= _LONGEST_QUESTION or unborne_figures(line, *sources) or unborne_names(line, *sources):
        return None
    return line


def _stream(model: BaseChatModel, messages: list[tuple[str, str]], timeout_s: float) -> Iterator[str]:
    """The model's text as it comes, within ``timeout_s`` in all. Raises ModelFailedError."""
    deadline = time.monotonic() + timeout_s
    try:
        for chunk in model.stream(messages):
            yield str(chunk.text)
            if time.monotonic() > deadline:
                break
        else:
            return
    except Exception as error:  # every provider raises errors of its own; all of them mean: no model
        _LOG.warning("the language model failed: %s", error)
        raise ModelFailedError(type(error).__name__) from error
    raise ModelFailedError("time-out")
