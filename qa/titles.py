"""The store's documents by the names that people give them: full titles, 《…》, numbers in any bracket, short names."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ingest.model import PolicyDocument, Status
from qa.document_kinds import official_rank
from qa.document_names import LEAST_NAME, NUMBER, QUOTED_TITLE, TYPES, Names, names_of, version_free
from qa.language import Language, detect, plain, squeeze
from qa.name_index import NameList, PairIndex
from qa.places import regions_in, years_in

_NUMBER_ALONE = re.compile(r"([\u4e00-\u9fff]{0,8}?)第?(\d{1,5})号(?:文件?|公文)")
"""A number as people say it, without its year: 工信部76号文."""
_SHORT_NAME = re.compile(rf"([\u4e00-\u9fff]{{2,6}}?)({TYPES})")
_REGIONAL_NAME = re.compile(
    r"[\u4e00-\u9fff]{2,3}[省市](?![的这那有])[\u4e00-\u9fff]{2,14}?(?:条例|办法|规定|细则)(?![\u4e00-\u9fff]{0,2}》)"
)
"""A name with its place, as titles have it: not 北京市的条例, 北京市有哪些办法."""
_PLACE_LETTERS = 8
_NEARLY = 0.75
_FEW = 4


@dataclass(frozen=True, slots=True)
class Mention:
    """A document that a question names. ``certainty`` is 1 for a full title or number, less for a short name."""

    doc_id: str
    certainty: float
    words: str
    """What the question calls it, `plain`; these words say where to look and not what to look for."""


class Affinity(Mapping[str, float]):
    """How much of each document's name a question's words make up; documents with nothing are not in it."""

    def __init__(self, ids: Sequence[str], places: Mapping[str, int], shares: npt.NDArray[np.float64]) -> None:
        self._ids = ids
        self._places = places
        self._shares = shares

    def __getitem__(self, doc_id: str) -> float:
        share = float(self._shares[self._places[doc_id]])
        if share < 0:
            raise KeyError(doc_id)
        return share

    def __iter__(self) -> Iterator[str]:
        return (self._ids[i] for i in np.flatnonzero(self._shares >= 0).tolist())

    def __len__(self) -> int:
        return int(np.count_nonzero(self._shares >= 0))


class Titles:
    """Finds documents by name, in a time that hardly grows with their number. Built once per state of the store.

    ``before`` is the last state's, of whose documents the names needn't be worked out again.
    """

    def __init__(self, documents: Iterable[PolicyDocument], before: Titles | None = None) -> None:
        self.documents = {document.doc_id: document for document in documents}
        self._ids = list(self.documents)
        self._places = {doc_id: place for place, doc_id in enumerate(self._ids)}
        self._known: dict[str, Names] = {
            doc_id: before._known[doc_id]
            if before is not None and before.documents.get(doc_id) == document
            else names_of(document)
            for doc_id, document in self.documents.items()
        }
        known = list(self._known.values())
        called = [(name, place, sure) for place, names in enumerate(known) for name, sure in names.called]
        called.sort(key=lambda one: -len(one[0]))
        self._called = called
        self._names = NameList([name for name, _, _ in called], head=LEAST_NAME)
        self._cores = NameList([names.core for names in known], head=1)
        self._words = PairIndex([names.words for names in known])
        self._numbers: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._versions: dict[str, list[str]] = defaultdict(list)
        for doc_id, names in self._known.items():
            self._versions[names.version_free].append(doc_id)
            for number in names.numbers:
                self._numbers[number].append(doc_id)

    @cached_property
    def _name_pairs(self) -> PairIndex:
        return PairIndex(self._names.names)

    @property
    def words(self) -> Iterator[str]:
        """Title and other names of each document, in `plain` form."""
        return (names.words for names in self._known.values())

    @cached_property
    def years(self) -> frozenset[int]:
        """The years that titles name."""
        return frozenset(years_in("\0".join(document.title for document in self.documents.values())))

    @cached_property
    def english(self) -> bool:
        """Whether any document's title is in English."""
        return any(detect(document.title) is Language.EN for document in self.documents.values())

    @cached_property
    def _drafts(self) -> tuple[str, ...]:
        return tuple(d.doc_id for d in self.documents.values() if d.status is Status.DRAFT)

    def drafts(self) -> tuple[str, ...]:
        """Documents that are drafts."""
        return self._drafts

    def versions(self, document: PolicyDocument) -> tuple[PolicyDocument, ...]:
        """The documents of the same name but for version marks and years, ``document`` itself included."""
        return tuple(self.documents[doc_id] for doc_id in self._versions.get(version_free(document.title), ()))

    def mentions(self, question: str) -> tuple[Mention, ...]:
        """The documents that ``question`` names, surest first, the official text before news about it."""
        folded, squeezed = plain(question), squeeze(question)
        found: dict[str, Mention] = {}

        def note(doc_id: str, certainty: float, words: str) -> None:
            known = found.get(doc_id)
            if known is None or known.certainty < certainty:
                found[doc_id] = Mention(doc_id, certainty, words)

        for number in NUMBER.finditer(folded):
            for doc_id in self._numbers.get((number[1] or number[3], number[2] or number[4]), ()):
                if self._issuer_agrees(number[0], doc_id):
                    note(doc_id, 1.0, number[0])
        if not found:
            for said, doc_id in self._without_year(folded):
                note(doc_id, 0.8, said)
        standing = self._names.standing_in(squeezed)
        for at in standing:
            name, place, certainty = self._called[at]
            if len(name) < len(self._called[standing[0]][0]) - 6:
                break
            before = squeezed.partition(name)[0][-_PLACE_LETTERS:]
            if not self._of_another_region(before, self._ids[place]):
                note(self._ids[place], certainty, name)
        for quoted in QUOTED_TITLE.findall(folded):
            for doc_id, likeness in self._like(squeeze(quoted)):
                note(doc_id, likeness, squeeze(quoted))
        if not found:
            for words, doc_id in self._short_names(folded):
                note(doc_id, 0.7, words)
        return tuple(
            sorted(found.values(), key=lambda m: (-m.certainty, official_rank(self.documents[m.doc_id]), m.doc_id))
        )

    def unknown_titles(self, question: str) -> tuple[str, ...]:
        """The names in ``question`` that no document here goes by: 《…》, or 北京市数据条例 where 上海's is here."""
        folded = plain(question)
        regional = [m[0] for m in _REGIONAL_NAME.finditer(folded) if regions_in(m[0])]
        named = [*QUOTED_TITLE.findall(folded), *(name for name in regional if len(squeeze(name)) >= LEAST_NAME)]
        return tuple(q for q in named if not self._like(squeeze(q)))

    def affinity(self, question: str) -> Affinity:
        """How much of each document's name the question's words make up, 0 to 1; documents with nothing are left out.

        Character pairs weighted by how few titles have them, so ``区块链`` says more than ``发展`` or ``意见``.
        """
        scores = np.full(len(self._ids), -1.0)
        for holders in self._words.texts_by_pair(plain(question)):
            weight = max(math.log((len(self._ids) + 1) / (1 + len(holders))), 0.0)
            scores[holders] = np.maximum(scores[holders], 0.0) + weight
        best = scores.max(initial=0.0)
        if best <= 0:
            return Affinity([], {}, scores[:0])
        return Affinity(self._ids, self._places, np.where(scores >= 0, scores / best, -1.0))

    def _without_year(self, folded: str) -> list[tuple[str, str]]:
        """The documents of a number said without its year, if few have it; their issuer agrees with what is said."""
        found: list[tuple[str, str]] = []
        for said in _NUMBER_ALONE.finditer(folded):
            holders = [i for (_, number), ids in self._numbers.items() if number == said[2] for i in ids]
            agreeing = [i for i in dict.fromkeys(holders) if self._issuer_shares(said[1], i)]
            if len(agreeing) <= _FEW:
                found.extend((said[0], doc_id) for doc_id in agreeing)
        return found

    def _issuer_shares(self, said: str, doc_id: str) -> bool:
        """Whether what is said before a number has two letters of the issuer's in a row, or nothing is said."""
        own = plain(f"{self.documents[doc_id].number or ''} {' '.join(self.documents[doc_id].issuers)}")
        return not said or any(said[i : i + 2] in own for i in range(len(said) - 1))

    def _issuer_agrees(self, printed: str, doc_id: str) -> bool:
        prefix = re.sub(r"[\s\[(].*", "", printed)
        own = plain(self.documents[doc_id].number or "")
        return not prefix or not own or squeeze(own.split("[")[0].split("(")[0]).endswith(squeeze(prefix)[-2:])

    def _like(self, name: str) -> list[tuple[str, float]]:
        """Documents whose name holds, or nearly is, the words between 《 and 》."""
        if len(name) < 2:
            return []
        shared = np.zeros(len(self._called), dtype=np.int32)
        for holders in self._name_pairs.texts_by_pair(name):
            shared[holders] += 1
        overlap = shared / max(1, self._name_pairs.pairs_in(name))
        within = {*self._names.holding(name), *self._names.standing_in(name)}
        hits: dict[str, float] = {}
        for at in sorted(within.union(np.flatnonzero(overlap >= _NEARLY).tolist())):
            known, place, _ = self._called[at]
            likeness = float(overlap[at])
            if at in within:
                likeness = 0.6 + 0.4 * min(len(name), len(known)) / max(len(name), len(known))
            doc_id = self._ids[place]
            if self._of_another_region(name, doc_id):
                continue
            hits[doc_id] = max(hits.get(doc_id, 0.0), min(1.0, likeness))
        return sorted(hits.items(), key=lambda hit: -hit[1])

    def _short_names(self, folded: str) -> list[tuple[str, str]]:
        """数安法 → 数据安全法: letters of the short name in order in a title of the same kind of document."""
        found: list[tuple[str, str]] = []
        for match in _SHORT_NAME.finditer(folded):
            words, kind = match[1], match[2]
            said = folded[max(0, match.start() - _PLACE_LETTERS) : match.end(1)]
            for begin in range(len(words) - 1):
                short = words[begin:]
                holders = [
                    place
                    for place in self._abbreviated(short, kind)
                    if not self._of_another_region(said, self._ids[place])
                ]
                if holders and len(holders) <= _FEW:
                    found.extend((short + kind, self._ids[place]) for place in holders)
                    break
        return found

    def _of_another_region(self, name: str, doc_id: str) -> bool:
        """Whether ``name`` names a province and the document is of another place: 北京市数据条例 is not 上海市's."""
        document = self.documents[doc_id]
        asked, title = set(regions_in(name)), plain(f"{document.title} {document.region or ''}")
        own = set(regions_in(title))
        return bool(asked) and bool(own or document.region) and not asked & own

    def _abbreviated(self, short: str, kind: str) -> list[int]:
        """The documents whose core ``short`` abbreviates, in order; more than a few are not all looked at."""
        likely = set(self._cores.beginning_with(short[0]))
        if len(short) >= 3:
            likely.update(self._cores.holding(short))
        holders: list[int] = []
        for place in sorted(likely):
            core = self._cores.names[place]
            if kind in core and _abbreviates(short, core, kind):
                holders.append(place)
                if len(holders) > _FEW:
                    break
        return holders


def _abbreviates(short: str, core: str, kind: str) -> bool:
    """Whether ``short`` is made of letters of ``core`` in order, from its first one on (数安 / 数据安全)."""
    head = core[: core.rfind(kind)]
    if short in head:
        return len(short) >= 3
    position = -1
    steps: list[int] = []
    for letter in short:
        position = head.find(letter, position + 1)
        if position < 0:
            return False
        steps.append(position)
    return len(head) <= 4 * len(short) and steps[0] == 0
