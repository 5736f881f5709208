"""Recipes: what is trained on what, in which stages. A recipe and a seed decide a run."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from index.training.glosses import PREFIX
from index.training.trunk import Shape
from index.training.views import VIEW_BY_NAME, View


@dataclass(frozen=True, slots=True)
class Stage:
    """One stretch of training. ``repeats`` says how often a view is gone through in one pass (0 leaves it out)."""

    name: str
    passes: float
    repeats: dict[str, float]
    batch: int = 2048
    rate: float = 0.05
    temperature: float = 0.05
    overlap_dropout: float = 0.8
    token_dropout: float = 0.0
    transformer_rate: float = 3e-4
    only_english: bool = False  # leaves every other token as it is (`index.training.align`)
    mined_negatives: int = 0  # passages per batch that the model so far takes for answers, though they are none


@dataclass(frozen=True, slots=True)
class Recipe:
    """A whole model. ``share`` is how much of its parts a word borrows, 0 to 1.

    With a ``transformer`` shape the stages train that network instead of a table, after ``masked_passes`` over all
    passages with words masked out.
    """

    name: str
    vocabulary: int = 80_000
    dim: int = 512
    share: float = 1.0
    matryoshka: tuple[int, ...] = ()
    counted_characters: int = 2_500_000  # of each source, for the vocabulary
    more_english: int = 0  # words added to the tokenizer of the model that training starts from
    stages: tuple[Stage, ...] = field(default_factory=tuple)
    transformer: Shape | None = None
    masked_passes: int = 3

    def as_json(self) -> dict[str, Any]:
        """All settings, for the run's folder and the model card."""
        return asdict(self)

    def without_research_only(self) -> Recipe:
        """The same recipe on sources that anybody may use for anything."""

        def kept(repeats: dict[str, float]) -> dict[str, float]:
            return {name: times for name, times in repeats.items() if not view_of(name).research_only}

        stages = tuple(replace(stage, repeats=kept(stage.repeats)) for stage in self.stages)
        return replace(self, name=f"{self.name}-open", stages=stages)


def view_of(name: str) -> View:
    """The view behind a name in ``repeats``, whose questions may have been put into English."""
    return VIEW_BY_NAME[name.removeprefix(PREFIX)]


# Half or more of a large source is much like the rest of it; small sets of real questions are worth repeating.
_BROAD = {
    "law_heading": 1.0,
    "law_cloze": 1.0,
    "law_titled": 1.0,
    "taiwan_heading": 0.4,
    "taiwan_cloze": 0.5,
    "law_en": 0.5,
    "law_en_sentence": 1.0,
    "tatoeba": 1.0,
    "cedict": 1.0,
    "python_docs": 0.4,
    "political_cloze": 1.0,
    "abstracts": 1.0,
    "consultations": 4.0,
    "squad": 2.0,
    "drcd": 2.0,
    "cmrc": 3.0,
    "statutes": 10.0,
    "news": 0.8,
    "paraphrase": 2.0,
    "kbqa": 1.0,
    "policy": 4.0,
    "web": 1.0,
    "citizen_mail": 2.0,
    "synonyms": 1.0,
}

# Real questions against what the model so far takes for their answers; some of the rest keeps it from forgetting.
_STATUTES = {
    "statutes": 16.0,
    "statute_answers": 8.0,
    "glossed_statutes": 5.0,
    "policy": 1.0,
    "glossed_policy": 1.0,
    "law_en_sentence": 0.25,
    "tatoeba": 0.25,
    "law_titled": 0.02,
}

# English questions of every kind about Chinese text; only English words move.
_ENGLISH = {
    "cedict_senses": 2.0,
    "cedict": 1.0,
    "law_en_words": 2.0,
    "law_en_sentence": 1.5,
    "law_en": 0.5,
    "tatoeba": 3.0,
    "python_docs": 0.5,
    "glossed_statutes": 10.0,
    "glossed_policy": 5.0,
    "glossed_consultations": 6.0,
    "glossed_citizen_mail": 4.0,
    "glossed_cmrc": 6.0,
    "glossed_squad": 4.0,
    "glossed_drcd": 4.0,
    "glossed_law_heading": 0.5,
    "glossed_web": 2.0,
}

_MINED = Stage("statutes", 1.0, _STATUTES, rate=0.03, token_dropout=0.2, mined_negatives=6_000)
_STATIC = Recipe(
    name="static-zh-en-512",
    stages=(Stage("broad", 1.0, _BROAD), _MINED, replace(_MINED, name="statutes, mined again", rate=0.02)),
)

_ENGLISH_STAGE = Stage("English", 1.0, _ENGLISH, rate=0.05, token_dropout=0.1, only_english=True)
_MORE_ENGLISH = replace(_STATIC, more_english=12_000, stages=(_ENGLISH_STAGE,))

_TRANSFORMER = replace(_STATIC, name="transformer-zh-en-384", vocabulary=32_000, transformer=Shape())

# Reads question and passage together; ``mined_negatives`` counts passages per question here.
_READ_TOGETHER = {
    "statutes": 4.0,
    "policy": 2.0,
    "consultations": 2.0,
    "cmrc": 2.0,
    "squad": 1.0,
    "glossed_statutes": 2.0,
}
_RERANKER = replace(
    _TRANSFORMER,
    name="reranker-zh-en",
    stages=(Stage("pairs read together", 2.0, _READ_TOGETHER, batch=32, transformer_rate=5e-5, mined_negatives=7),),
)

RECIPES: dict[str, Recipe] = {
    "static": _STATIC,
    "english": _MORE_ENGLISH,
    "transformer": _TRANSFORMER,
    "reranker": _RERANKER,
}
