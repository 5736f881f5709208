"""The store's documents by the names that people give them: full titles, 《…》, numbers in any bracket, short names."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from ingest.model import Kind, PolicyDocument, Status
from qa.language import plain, squeeze

_TYPES = (
    "法|条例|办法|规定|规则|细则|意见|规划|计划|方案|标准|分类|通知|指南|指引|纲要|措施|决定|公告|通告|草案|解读"
    "|目录|名单|章程|要求|定义"
)
_TYPE_AT_END = re.compile(rf"(?:{_TYPES})$")
_BRACKETED = re.compile(r"[(\[].*?[)\]]")
_QUOTED_TITLE = re.compile(r"[《〈<]([^《》〈〉<>]{2,80})[》〉>]")
_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{0,12}\s*[\[(]\s*((?:19|20)\d{2})\s*[\])]\s*(?:第\s*)?(\d{1,5})\s*号|[\[(]\s*((?:19|20)\d{2})\s*[\])]\s*(\d{1,5})\s*号"
)
_SHORT_NAME = re.compile(rf"([\u4e00-\u9fff]{{2,6}}?)({_TYPES})")
_OFFICIAL_LAST = {Kind.NEWS: 2, Kind.INTERPRETATION: 1, Kind.SPEECH: 1, Kind.OTHER: 1}


@dataclass(frozen=True, slots=True)
class Mention:
    """A document that a question names. ``certainty`` is 1 for a full title or number, less for a short name."""

    doc_id: str
    certainty: float
    words: str
    """What the question calls it, `plain`; these words say where to look and not what to look for."""


def official_rank(document: PolicyDocument) -> int:
    """0 for an official text, 1 for what explains one, 2 for news about one."""
    return _OFFICIAL_LAST.get(document.kind, 0)


def title_core(title: str) -> str:
    """A title without brackets, ``中华人民共和国``, ``关于印发…的通知``: the part that people shorten."""
    inner = _QUOTED_TITLE.search(title)
    core = _BRACKETED.sub("", plain(inner[1] if inner else title))
    core = re.sub(r"中华人民共和国|\s", "", core)
    found = re.search(
        r"关于(?:印发|发布|公布|加快|推动|促进|进一步|做好|开展|推进|加强)*(.+?)(?:的(?:通知|公告|通告))?$", core
    )
    return found[1] if found and len(found[1]) >= 4 else core


class Titles:
    """Finds documents by name. Built once per state of the store."""

    def __init__(self, documents: Iterable[PolicyDocument]) -> None:
        self.documents = {document.doc_id: document for document in documents}
        self._names: list[tuple[str, str, float]] = []
        self._numbers: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._cores: list[tuple[str, str]] = []
        self._pairs: dict[str, set[str]] = defaultdict(set)
        for document in self.documents.values():
            self._add(document)
        self._names.sort(key=lambda name: -len(name[0]))
        self.region_names = {r for d in self.documents.values() if d.region for r in (plain(d.region),)}

    def _add(self, document: PolicyDocument) -> None:
        core = title_core(document.title)
        names = {squeeze(document.title): 1.0, squeeze(core): 0.9}
        names |= {squeeze(alias): 0.95 for alias in document.aliases}
        for name, certainty in names.items():
            if len(name) >= 4:
                self._names.append((name, document.doc_id, certainty))
        for named in (document.number, *document.aliases):
            for found in _NUMBER.finditer(plain(named or "")):
                self._numbers[(found[1] or found[3], found[2] or found[4])].append(document.doc_id)
        self._cores.append((core, document.doc_id))
        for pair in _pairs(plain(" ".join((document.title, *document.aliases)))):
            self._pairs[pair].add(document.doc_id)

    def mentions(self, question: str) -> tuple[Mention, ...]:
        """The documents that ``question`` names, surest first, the official text before news about it."""
        folded, squeezed = plain(question), squeeze(question)
        found: dict[str, Mention] = {}

        def note(doc_id: str, certainty: float, words: str) -> None:
            known = found.get(doc_id)
            if known is None or known.certainty < certainty:
                found[doc_id] = Mention(doc_id, certainty, words)

        for number in _NUMBER.finditer(folded):
            for doc_id in self._numbers.get((number[1] or number[3], number[2] or number[4]), ()):
                if self._issuer_agrees(number[0], doc_id):
                    note(doc_id, 1.0, number[0])
        longest = 0
        for name, doc_id, certainty in self._names:
            if len(name) < longest - 6:
                break
            if name in squeezed:
                longest = max(longest, len(name))
                note(doc_id, certainty, name)
        for quoted in _QUOTED_TITLE.findall(folded):
            for doc_id, likeness in self._like(squeeze(quoted)):
                note(doc_id, likeness, squeeze(quoted))
        if not found:
            for words, doc_id in self._short_names(folded):
                note(doc_id, 0.7, words)
        return tuple(
            sorted(found.values(), key=lambda m: (-m.certainty, official_rank(self.documents[m.doc_id]), m.doc_id))
        )

    def unknown_titles(self, question: str) -> tuple[str, ...]:
        """The 《…》 names in ``question`` that no document here goes by."""
        return tuple(q for q in _QUOTED_TITLE.findall(plain(question)) if not self._like(squeeze(q)))

    def affinity(self, question: str) -> dict[str, float]:
        """How much of each document's name the question's words make up, 0 to 1; documents with nothing are left out.

        Character pairs weighted by how few titles have them, so ``区块链`` says more than ``发展`` or ``意见``.
        """
        asked = _pairs(plain(question))
        total = len(self.documents) + 1
        weights = {pair: math.log(total / (1 + len(self._pairs[pair]))) for pair in asked if pair in self._pairs}
        scores: Counter[str] = Counter()
        for pair, weight in weights.items():
            for doc_id in self._pairs[pair]:
                scores[doc_id] += max(weight, 0.0)  # type: ignore[assignment]
        best = max(scores.values(), default=0)
        return {doc_id: score / best for doc_id, score in scores.items()} if best > 0 else {}

    def drafts(self) -> tuple[str, ...]:
        """Documents that are drafts."""
        return tuple(d.doc_id for d in self.documents.values() if d.status is Status.DRAFT)

    def _issuer_agrees(self, printed: str, doc_id: str) -> bool:
        prefix = re.sub(r"[\s\[(].*", "", printed)
        own = plain(self.documents[doc_id].number or "")
        return not prefix or not own or squeeze(own.split("[")[0].split("(")[0]).endswith(squeeze(prefix)[-2:])

    def _like(self, name: str) -> list[tuple[str, float]]:
        """Documents whose name holds, or nearly is, the words between 《 and 》."""
        if len(name) < 2:
            return []
        hits: dict[str, float] = {}
        for known, doc_id, _ in self._names:
            if name in known or known in name:
                likeness = 0.6 + 0.4 * min(len(name), len(known)) / max(len(name), len(known))
            else:
                a, b = _pairs(name), _pairs(known)
                likeness = len(a & b) / max(1, len(a))
                if likeness < 0.75:
                    continue
            hits[doc_id] = max(hits.get(doc_id, 0.0), min(1.0, likeness))
        return sorted(hits.items(), key=lambda hit: -hit[1])

    def _short_names(self, folded: str) -> list[tuple[str, str]]:
        """数安法 → 数据安全法: letters of the short name in order in a title of the same kind of document."""
        found: list[tuple[str, str]] = []
        for match in _SHORT_NAME.finditer(folded):
            words, kind = match[1], match[2]
            for begin in range(len(words) - 1):
                short = words[begin:]
                holders = [doc_id for core, doc_id in self._cores if kind in core and _abbreviates(short, core, kind)]
                if holders and len(holders) <= 4:
                    found.extend((short + kind, doc_id) for doc_id in holders)
                    break
        return found


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


@lru_cache(maxsize=4096)
def _pairs(text: str) -> frozenset[str]:
    """Neighbouring letters of Chinese runs, and whole Latin words and numbers."""
    pairs: set[str] = set()
    for run in re.findall(r"[\u3400-\u9fff]+|[0-9a-z]+", text):
        if "\u3400" <= run[0] <= "\u9fff":
            pairs.update(run[i : i + 2] for i in range(len(run) - 1))
        else:
            pairs.add(run)
    return frozenset(pairs)
