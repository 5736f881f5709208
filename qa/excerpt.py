"""What of a clause the reranker reads: where it stands, and as much of what may answer as there is room for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.evidence import sentence_scores
from qa.library import Shelf, View
from qa.lists import announces, is_bare, listing_under
from qa.question import Asked
from qa.wordmatch import Group

_TITLE, _STEP = 28, 16
_STEPS = 4
_BODY = 140
"""Characters. With the question that is what `index.reranker` reads at once."""
_ITEM = 24
_ABOUT = re.compile(r"^.{0,40}?关于(?:印发)?(?=.{8})")


def excerpt(view: View, asked: Asked, groups: Sequence[Group], shelf: Shelf) -> str:
    """Document and place, then the sentences that fit the question best, in reading order, gaps as ….

    Behind a heading or a sentence that announces a list come its items' first words: what the list is about is in them.
    """
    body = _body(view, asked, groups, shelf)
    steps = [step[:_STEP] for step in view.clause.path[-_STEPS:]]
    head = [_ABOUT.sub("", view.document.title)[:_TITLE], *(step for step in steps if not body.startswith(step))]
    return f"{' '.join(head)}\n{body}"


def _body(view: View, asked: Asked, groups: Sequence[Group], shelf: Shelf) -> str:
    sentences = view.sentences
    if sum(len(sentence.text) for sentence in sentences) <= _BODY or len(sentences) == 1:
        text = view.clause.text
    else:
        text = _best(view, asked, groups, shelf)
    below = listing_under(view, shelf) if announces(view) or is_bare(view, shelf) else None
    for item in below.items if below is not None else ():
        if len(text) >= _BODY:
            break
        text += f" {item.clause.text[:_ITEM]}"
    return text


def _best(view: View, asked: Asked, groups: Sequence[Group], shelf: Shelf) -> str:
    """The best sentence, and others by how well they fit while there is room."""
    scores = sentence_scores(view, asked, groups, shelf)
    chosen: set[int] = set()
    size = 0
    for i in sorted(range(len(scores)), key=lambda i: -scores[i]):
        long = len(view.sentences[i].text)
        if not chosen or size + long <= _BODY:
            chosen.add(i)
            size += long
    text = ""
    for i in sorted(chosen):
        text += "" if not text or i - 1 in chosen else "…"
        text += view.sentences[i].text
    return text
