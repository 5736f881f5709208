"""The page's strings in one language, and which language a browser asks for."""

from __future__ import annotations

from ingest.bilingual import sides
from ui.text import LANGUAGES, TEXTS, Language


class Words:
    """The strings of one language; calling it with a key gives the string, ``{places}`` filled in.

    Raises KeyError for a key that ``TEXTS`` lacks, so that a misspelt one never reaches a reader.
    """

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._column = LANGUAGES.index(language)

    def __call__(self, key: str, **places: object) -> str:
        """The string for ``key`` with its places filled in."""
        text = TEXTS[key][self._column]
        return text.format(**places) if places else text

    def side(self, text: str) -> str:
        """What of a text in both languages is in this one; a text in one language as it is."""
        return sides(text)[self._column]

    @property
    def tag(self) -> str:
        """The language as HTML's ``lang`` writes it."""
        return "zh-CN" if self.language == "zh" else "en"


def preferred_language(accept_language: str) -> Language:
    """The language that a browser asks for, Chinese where it names neither of the two."""
    wanted: list[tuple[float, Language]] = []
    for part in accept_language.split(","):
        name, _, rest = part.strip().partition(";")
        weight = _weight(rest)
        wanted += [(weight, one) for one in LANGUAGES if name.lower().split("-")[0] == one and weight > 0]
    return max(wanted, key=lambda pair: pair[0])[1] if wanted else "zh"


def _weight(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
