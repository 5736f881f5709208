"""Clauses made ready for comparing: cut into sentences, in plain form, read as tokens; kept for the next question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

import numpy as np

from ingest.model import Clause, PolicyDocument
from qa.fixed import Fixed, fixed_fits
from qa.language import plain
from qa.late import NO_TOKENS, TokenIds, TokenTable, TokenTexts
from qa.lexicon import bodies
from qa.lines import Lines, lines_of
from qa.pointing import leaves_open
from qa.sentences import Sentence, split_clause
from qa.stacks import Kept, Stacks

_CONTEXT_CHARACTERS = 160
_MOST_VIEWS = 120_000
"""About 5 kB each."""
_MOST_TITLES = 20_000
_MOST_PARTS = 40_000
_MOST_ABOVE = 3
_MOST_POINTED_AT = 6
_PLACES = 2
"""What `View.lines` and `View.tokens` have before the sentences."""


@dataclass(frozen=True, slots=True)
class View:
    """A clause made ready for comparing. The plain texts are in `qa.language.plain` form.

    ``context`` is the text of the clauses above it, which its path shortens to headings (必须同时符合以下条件), and of
    those that it leaves its matter to: 违反本法第三十四条规定的,处… says of what conduct only by that number.
    """

    clause: Clause
    document: PolicyDocument
    text: str
    path: str
    step: str
    """The last step of the path: the clause's own label and heading."""
    title: str
    """The document's names and issuers."""
    context: str
    sentences: tuple[Sentence, ...]
    sentence_texts: tuple[str, ...]
    title_ids: TokenIds = field(default_factory=lambda: NO_TOKENS)
    fixed: Fixed = field(default_factory=Fixed)
    lines: Lines = field(default_factory=lambda: lines_of(("", "")))
    """The path, its last step and each sentence."""
    tokens: TokenTexts = field(default_factory=lambda: TokenTexts.of(()))
    """Of the path with the clauses above, of its last step, and of each sentence."""

    @property
    def around_ids(self) -> TokenIds:
        """Tokens of the path and of the clauses above."""
        return self.tokens.each[0] if len(self.tokens.starts) else NO_TOKENS

    @property
    def sentence_ids(self) -> tuple[TokenIds, ...]:
        """Tokens of each sentence."""
        return self.tokens.each[_PLACES:]


class Views:
    """The views of one state of the store, each made when first needed."""

    def __init__(self, stacks: Stacks, tokens: TokenTable | None) -> None:
        self._stacks = stacks
        self._tokens = tokens
        self._views: Kept[View] = Kept(_MOST_VIEWS)
        self._title_texts: Kept[str] = Kept(_MOST_TITLES)
        self._title_ids: Kept[TokenIds] = Kept(_MOST_TITLES)
        self._part_ids: Kept[TokenIds] = Kept(_MOST_PARTS)

    def at(self, stacks: Stacks) -> Views:
        """The same, what it keeps in common, reading from ``stacks``."""
        other = copy(self)
        other._stacks = stacks
        return other

    def of(self, clauses: Sequence[tuple[Clause, PolicyDocument]]) -> list[View]:
        """The views of clauses, each given with its document."""
        found = {clause.clause_id: self._views.get(clause.clause_id) for clause, _ in clauses}
        wanted = {clause.clause_id: (clause, document) for clause, document in clauses if not found[clause.clause_id]}
        if wanted:
            self._fetch_above([clause for clause, _ in wanted.values()])
            cut = [self._cut(clause, document) for clause, document in wanted.values()]
            for (clause, document), pieces, tokens in zip(wanted.values(), cut, self._tokens_of(cut), strict=True):
                found[clause.clause_id] = self._views.put(
                    clause.clause_id, self._view(clause, document, pieces, tokens)
                )
        return [view for clause, _ in clauses if (view := found[clause.clause_id]) is not None]

    def room_for(self, clauses: int) -> bool:
        """Whether so many can be kept."""
        return clauses <= _MOST_VIEWS

    def _fetch_above(self, clauses: Sequence[Clause]) -> None:
        """Fetches the clauses above in as few goes as there are levels."""
        self._stacks.keep(clauses)
        while clauses:
            clauses = list(self._stacks.clauses([c.parent_id for c in clauses if c.parent_id is not None]).values())

    def _cut(self, clause: Clause, document: PolicyDocument) -> _Pieces:
        sentences = split_clause(clause, self._stacks.source_text(document.source))
        above: list[str] = []
        parent = self._stacks.clause(clause.parent_id)
        while parent is not None and len(above) < _MOST_ABOVE:
            above.append(plain(parent.text)[:_CONTEXT_CHARACTERS])
            parent = self._stacks.clause(parent.parent_id)
        above += [plain(other.text)[:_CONTEXT_CHARACTERS] for other in self._left_to(clause, document.doc_id)]
        texts = tuple(plain(sentence.text) for sentence in sentences)
        return _Pieces(sentences, texts, tuple(map(plain, clause.path)), tuple(above))

    def _left_to(self, clause: Clause, doc_id: str) -> list[Clause]:
        """The clauses that this one leaves its matter to, with the first items that they announce."""
        if not clause.references or not leaves_open(plain(clause.text)):
            return []
        pointed = []
        for reference in clause.references[:_MOST_POINTED_AT]:
            target = self._stacks.clause(reference.target_clause)
            if target is not None and target.clause_id != clause.clause_id:
                below = self._stacks.children(reference.target_document or doc_id, target.clause_id)
                pointed += [target, *below[:_MOST_POINTED_AT]]
        return pointed

    def _view(self, clause: Clause, document: PolicyDocument, pieces: _Pieces, tokens: _Tokens) -> View:
        text = " ".join(pieces.texts)
        path = " ".join(pieces.steps)
        step = pieces.steps[-1] if pieces.steps else ""
        return View(
            clause=clause,
            document=document,
            text=text,
            path=path,
            step=step,
            title=self._title_texts.of(document.doc_id, partial(_title_text, document)),
            context=" ".join(pieces.above),
            sentences=pieces.sentences,
            sentence_texts=pieces.texts,
            title_ids=self._title_tokens(document.title),
            lines=lines_of((path, step, *pieces.texts)),
            tokens=TokenTexts.of((tokens.around, tokens.step, *tokens.sentences)),
            fixed=fixed_fits(
                clause,
                document,
                pieces.texts,
                step,
                lambda: bool(self._stacks.below(document.doc_id, clause.clause_id)),
            ),
        )

    def _title_tokens(self, title: str) -> TokenIds:
        table = self._tokens
        return NO_TOKENS if table is None else self._title_ids.of(title, lambda: table.ids(plain(title)))

    def _tokens_of(self, cut: Sequence[_Pieces]) -> Iterator[_Tokens]:
        """The tokens of each clause. Steps and the clauses above, which neighbours share, are read once for all."""
        if self._tokens is None:
            yield from (_NO_TOKENS for _ in cut)
            return
        around = {text: self._part_ids.get(text) for one in cut for text in (*one.steps, *one.above)}
        unread = [text for text, ids in around.items() if ids is None]
        read = self._tokens.ids_of([*unread, *(text for one in cut for text in one.texts)])
        for text, tokens in zip(unread, read, strict=False):
            around[text] = self._part_ids.put(text, tokens)
        sentences = iter(read[len(unread) :])
        for one in cut:
            parts = [ids for text in (*one.steps, *one.above) if (ids := around[text]) is not None]
            yield _Tokens(
                tuple(islice(sentences, len(one.texts))),
                np.concatenate([NO_TOKENS, *parts]),
                parts[len(one.steps) - 1] if one.steps else NO_TOKENS,
            )


@dataclass(frozen=True, slots=True)
class _Pieces:
    """A clause in `plain` pieces: its sentences, the steps of its path, and the texts of `View.context`."""

    sentences: tuple[Sentence, ...]
    texts: tuple[str, ...]
    steps: tuple[str, ...]
    above: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Tokens:
    """Tokens of each sentence, of the path with the clauses above, and of the path's last step."""

    sentences: tuple[TokenIds, ...]
    around: TokenIds
    step: TokenIds


_NO_TOKENS = _Tokens((), NO_TOKENS, NO_TOKENS)


def _title_text(document: PolicyDocument) -> str:
    return plain(" ".join((document.title, *document.aliases, *document.issuers, *_short_issuers(document))))


def _short_issuers(document: PolicyDocument) -> list[str]:
    return [short for issuer in document.issuers for short in bodies().shorts.get(issuer, ())]
