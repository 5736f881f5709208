"""Questions that the documents cannot answer: another region, another year, an article that does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from eval.draft_patterns import Proposal
from eval.labels import number_of
from eval.question import Question, QuestionType
from ingest.model import PolicyDocument

_YEAR = re.compile(r"(?<![-—–~～至\d])(?:19|20)\d{2}(?=年(?!\s*[-—–~～至]))")
_ARTICLE = re.compile(r"^第(\d+)条$")
_REGIONS = (
    "青海省",
    "海南省",
    "宁夏回族自治区",
    "西藏自治区",
    "甘肃省",
    "黑龙江省",
    "深圳市",
    "厦门市",
    "大连市",
    "珠海市",
)


def unanswerable(
    documents: Sequence[PolicyDocument], drafted: Sequence[tuple[PolicyDocument, Proposal]], held: str
) -> Iterator[tuple[str, str]]:
    """(question, why it has no answer), by article, then region, then year; ``held`` is all text of the store.

    A changed region or year is only used where it occurs nowhere in the store, so that the answer cannot be there
    after all; a reviewer still has to agree that nothing else in the documents answers it.
    """
    yield from _articles(documents)
    yield from _changed(drafted, held)


def _articles(documents: Sequence[PolicyDocument]) -> Iterator[tuple[str, str]]:
    for document in documents:
        numbers = [int(m[1]) for c in document.clauses if (m := _ARTICLE.match(number_of(c.label)))]
        if len(numbers) >= 5:
            beyond = max(numbers) + 7
            yield (
                f"《{document.title}》第{beyond}条是怎么规定的？",
                f"最后一条是第{max(numbers)}条 / its last article is {max(numbers)}",
            )


def _changed(drafted: Sequence[tuple[PolicyDocument, Proposal]], held: str) -> Iterator[tuple[str, str]]:
    regions = [region for region in _REGIONS if region[:2] not in held]
    years = [str(year) for year in range(2031, 2046) if str(year) not in held]
    for i, (document, proposal) in enumerate(drafted):
        asked = proposal.question
        if regions and document.region and document.region in asked:
            region = regions[i % len(regions)]
            yield asked.replace(document.region, region), f"文件不涉及{region} / the documents are not about it"
        if years and (year := _YEAR.search(asked)):
            other = years[i % len(years)]
            yield asked.replace(year.group(), other), f"文件不涉及{other}年 / the documents do not cover that year"


def as_question(number: int, question: str, why: str) -> Question:
    """The draft of an unanswerable question."""
    return Question(
        id=f"draft-u{number:03}",
        question=question,
        type=QuestionType.UNANSWERABLE,
        lang="zh",
        answerable=False,
        draft=True,
        note=why,
    )
