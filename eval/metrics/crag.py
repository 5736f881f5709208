"""CRAG score: a wrong answer costs more than none."""

from __future__ import annotations


def crag_score(*, answerable: bool, refused: bool, facts: float | None, cites_gold: bool) -> float:
    """One question's score, -1 to 1, after CRAG (Yang et al. 2024, "truthfulness"); its mean is reported.

    CRAG has people or a model grade answers as perfect (1), acceptable (0.5), missing (0) or incorrect (-1). Graded
    here by gold, without a model:

    * unanswerable: refused is perfect, answered is incorrect;
    * answerable and refused: missing;
    * answerable and answered: perfect where all facts are shown; acceptable where some are shown and a citation touches
      gold; incorrect otherwise. Where a question asks for no fact, a citation that touches gold makes it perfect.

    So answering everything wrongly gives -1, refusing everything gives the share of unanswerable questions.

    >>> crag_score(answerable=True, refused=False, facts=0.5, cites_gold=True)
    0.5
    """
    if not answerable:
        return 1.0 if refused else -1.0
    if refused:
        return 0.0
    if facts is None:
        return 1.0 if cites_gold else -1.0
    if facts == 1.0:
        return 1.0
    return 0.5 if facts > 0 and cites_gold else -1.0
