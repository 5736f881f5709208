"""ALCE's citation recall and precision: does each sentence follow from what it cites?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eval.metrics.facts import folded
from eval.metrics.numbers import numbers_in
from eval.sentences import statements

Supports = Callable[[str, str], bool]
"""(premise, statement) -> whether the statement follows from the premise. ALCE uses a natural-language-inference model;
any can be given here."""

MIN_SHARED_BIGRAMS = 0.6


@dataclass(frozen=True, slots=True)
class AlceScore:
    """Citation recall over statements and citation precision over citations, 0 to 1; None where there is none."""

    recall: float | None
    precision: float | None


def literal_support(premise: str, statement: str) -> bool:
    """Support without a model: the premise has every number of the statement and 60 % of its character bigrams.

    It recognises quotation and light rewording, which is what a verbatim composer writes; a paraphrase in other words
    needs a real inference model. Deliberately blind to negation.
    """
    held = set(numbers_in(premise))
    if any(number not in held for number in numbers_in(statement)):
        return False
    have, want = folded(premise), folded(statement)
    if len(want) < 2:
        return want in have
    bigrams = [want[i : i + 2] for i in range(len(want) - 1)]
    return sum(1 for b in bigrams if b in have) / len(bigrams) >= MIN_SHARED_BIGRAMS


def alce_citations(answer: str, passages: dict[int, str], supports: Supports = literal_support) -> AlceScore:
    """ALCE's automatic citation scores (Gao et al. 2023, section 4.3), sentences split by a Chinese-aware splitter.

    ``passages[n]`` is the text that marker ``[n]`` stands for. Statements and the citations C_s of each are those of
    `eval.sentences.statements`, where a marker at the end of a quotation stands for all of its sentences:

    * recall(s) = 1 where C_s is not empty and the passages of C_s together support s, else 0;
    * a citation c of s is *irrelevant* where c alone does not support s and the others of C_s together still do;
      precision(c) = 1 where recall(s) = 1 and c is not irrelevant, else 0.

    Recall is the mean over statements, precision over all citations. Edge rules: markers that stand for nothing are
    dropped from C_s; an answer without statements has recall None, one without citations precision None.
    """
    recalls: list[float] = []
    precisions: list[float] = []
    for stated in statements(answer):
        statement = stated.text
        cited = [m for m in stated.markers if m in passages]
        supported = bool(cited) and supports(_together(cited, passages), statement)
        recalls.append(float(supported))
        for marker in cited:
            others = [m for m in cited if m != marker]
            irrelevant = (
                supported
                and not supports(passages[marker], statement)
                and bool(others)
                and supports(_together(others, passages), statement)
            )
            precisions.append(float(supported and not irrelevant))
    return AlceScore(_mean(recalls), _mean(precisions))


def _together(markers: Sequence[int], passages: dict[int, str]) -> str:
    return "\n".join(passages[m] for m in markers)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
