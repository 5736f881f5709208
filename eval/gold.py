"""Where a question's gold stands in a store: entries become character spans, and spans touch what was retrieved.

A gold entry that gives spans or lines is looked up in the extracted text itself, so that scoring does not depend on
how the outline was cut. One that gives a path names the clause at that path and all that stands below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eval.corpus import Corpus
from eval.labels import INVENTED, agreement, contains_title, number_of, plain, same_label, same_title
from eval.question import GoldEntry, Question
from ingest.model import Clause, PolicyDocument, Span, overlaps


@dataclass(frozen=True, slots=True)
class Place:
    """Character spans in one file's extracted text."""

    source: str
    spans: tuple[Span, ...]

    def touches(self, source: str, spans: Iterable[Span]) -> bool:
        """Whether any character is in both."""
        return source == self.source and overlaps(self.spans, spans)


@dataclass(frozen=True, slots=True)
class ResolvedEntry:
    """A gold entry with the places it stands at; ``problem`` says why there are none."""

    entry: GoldEntry
    places: tuple[Place, ...]
    problem: str = ""
    document_found: bool = True

    def touches(self, source: str, spans: Iterable[Span]) -> bool:
        """Whether any of the places shares a character with the spans."""
        wanted = tuple(spans)
        return any(place.touches(source, wanted) for place in self.places)


@dataclass(frozen=True, slots=True)
class ResolvedGold:
    """A question's gold in one store."""

    gold: tuple[ResolvedEntry, ...] = ()
    alternatives: tuple[ResolvedEntry, ...] = ()

    def touched(self, source: str, spans: Iterable[Span]) -> frozenset[int]:
        """Which gold entries (0-based) the spans satisfy. An alternative is as good as any of them: it gives all."""
        wanted = tuple(spans)
        if any(entry.touches(source, wanted) for entry in self.alternatives):
            return frozenset(range(len(self.gold)))
        return frozenset(i for i, entry in enumerate(self.gold) if entry.touches(source, wanted))

    @property
    def problems(self) -> tuple[str, ...]:
        """One sentence for each gold entry that the store cannot place."""
        return tuple(e.problem for e in self.gold if e.problem)

    @property
    def missing_documents(self) -> tuple[str, ...]:
        """Titles that the gold names and the store does not hold."""
        return tuple(dict.fromkeys(e.entry.doc for e in self.gold if not e.document_found))


class GoldResolver:
    """Resolves gold in one store; pass a CachedCorpus where many questions are resolved."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._documents = corpus.documents()
        self._files = tuple(dict.fromkeys(d.source for d in self._documents))
        self._line_starts: dict[str, list[int]] = {}

    def resolve(self, question: Question) -> ResolvedGold:
        """The question's gold and alternatives with their places."""
        return ResolvedGold(
            tuple(self.entry(e) for e in question.gold),
            tuple(self.entry(e) for e in question.alt_gold),
        )

    def entry(self, entry: GoldEntry) -> ResolvedEntry:
        """The places of one entry, from its spans, else its lines, else its path."""
        documents = self.find_documents(entry.doc)
        file = self._file_of(entry, documents)
        if file is not None and (entry.spans or entry.lines):
            return self._in_text(entry, file)
        if not documents:
            problem = f"the store has no document {entry.doc!r}"
            return ResolvedEntry(entry, (), problem, document_found=False)
        found = [(d, clauses) for d in documents if (clauses := clauses_at(d, entry.path))]
        places = tuple(Place(d.source, tuple(s for c in clauses for s in c.spans)) for d, clauses in found)
        places = tuple(p for p in places if p.spans)
        problem = "" if places else f"{documents[0].title!r} has no clause at {' › '.join(entry.path) or 'no label'}"
        return ResolvedEntry(entry, places, problem)

    def find_documents(self, title: str) -> tuple[PolicyDocument, ...]:
        """The documents of that title, with clauses: equal ones, else the one whose name is nearest by containment."""
        equal = [d for d in self._documents if any(same_title(title, name) for name in (d.title, *d.aliases))]
        if not equal:
            near = [
                (abs(len(plain(name)) - len(plain(title))), i)
                for i, d in enumerate(self._documents)
                for name in (d.title, *d.aliases)
                if contains_title(title, name)
            ]
            equal = [self._documents[min(near)[1]]] if near else []
        return tuple(self._corpus.document(d.doc_id) for d in equal)

    def _file_of(self, entry: GoldEntry, documents: Sequence[PolicyDocument]) -> str | None:
        if entry.file:
            return entry.file if entry.file in self._files else None
        if documents:
            return documents[0].source
        return self._files[0] if len(self._files) == 1 else None

    def _in_text(self, entry: GoldEntry, file: str) -> ResolvedEntry:
        text = self._corpus.source(file).text
        if entry.spans:
            if max(end for _, end in entry.spans) > len(text):
                problem = f"spans of {entry.place!r} lie beyond the {len(text)} characters of {file}"
                return ResolvedEntry(entry, (), problem)
            return ResolvedEntry(entry, (Place(file, entry.spans),))
        starts = self._line_starts.setdefault(file, line_starts(text))
        if max(entry.lines) > len(starts):
            problem = f"line {max(entry.lines)} of {entry.place!r} lies beyond the {len(starts)} lines of {file}"
            return ResolvedEntry(entry, (), problem)
        spans = tuple(span for n in entry.lines if (span := line_span(text, starts, n)))
        problem = "" if spans else f"the lines of {entry.place!r} are blank in {file}"
        return ResolvedEntry(entry, (Place(file, spans),) if spans else (), problem)


def clauses_at(document: PolicyDocument, path: Sequence[str]) -> tuple[Clause, ...]:
    """The clauses at a path and all below it, in reading order; empty where the document has no such path.

    Labels compare as `eval.labels.same_label` says, from the top down. The outline may have levels that the gold path
    leaves out, and the gold path grouping levels (编, 章, a titled part, 附件, 正文) that the outline leaves out, but
    never an article or an enumeration: ``第九条 › (二)`` is not some other article's (二). Where numbering starts again
    and several places fit, the fullest agreement wins; a path that stays ambiguous across skipped levels is not placed.
    """
    wanted = tuple(path)
    if not wanted:
        return _unlabelled(document, ())
    whole = tuple(label for label in wanted[:-1] if label not in INVENTED) + wanted[-1:]
    bare = tuple(label for label in wanted[:-1] if not _may_be_left_out(label)) + wanted[-1:]
    for want in dict.fromkeys((wanted, whole, bare)):
        found: dict[tuple[str, ...], tuple[int, float]] = {}
        for clause in document.clauses:
            if match := _match(clause.path, want):
                place, skipped, score = match
                found[place] = max(found.get(place, (-99, 0.0)), (-skipped, score))
        if not found:
            continue
        best = max(found.values())
        places = [place for place, rank in found.items() if rank == best]
        if best[0] == 0 or len(places) == 1:
            return tuple(c for c in document.clauses if any(c.path[: len(p)] == p for p in places))
    if wanted[-1] in INVENTED:
        return _unlabelled(document, wanted[:-1])
    return ()


def _match(path: Sequence[str], want: Sequence[str]) -> tuple[tuple[str, ...], int, float] | None:
    """Where the wanted labels stand in the path: the place, how many levels were skipped, how fully labels agree."""
    position, skipped, score = 0, 0, 0.0
    for label in want:
        while position < len(path) and not same_label(label, path[position]):
            skipped += path[position] not in INVENTED
            position += 1
        if position == len(path):
            return None
        score += agreement(label, path[position])
        position += 1
    return tuple(path[:position]), skipped, score


def _may_be_left_out(label: str) -> bool:
    number = number_of(label)
    return not number or number[-1] in "编章节" or number.endswith("部分") or number.startswith("附")


def _unlabelled(document: PolicyDocument, above: Sequence[str]) -> tuple[Clause, ...]:
    """The text that stands directly under a place without a label of its own (a lead-in, a preamble, a signature)."""
    if not above:
        return tuple(c for c in document.clauses if not c.path or c.path[0] in INVENTED)
    at = clauses_at(document, above)
    return tuple(c for c in at if len(c.path) == min(len(x.path) for x in at))


def line_starts(text: str) -> list[int]:
    """The offset at which each line begins; line n starts at ``line_starts(text)[n - 1]``."""
    starts = [0]
    for line in text.split("\n")[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    return starts


def line_span(text: str, starts: Sequence[int], number: int) -> Span | None:
    """The span of a 1-based line without surrounding white space; None where it is blank."""
    start = starts[number - 1]
    end = starts[number] - 1 if number < len(starts) else len(text)
    line = text[start:end]
    if not line.strip():
        return None
    return (start + len(line) - len(line.lstrip()), start + len(line.rstrip()))
