"""What a document says about itself: number, issuers, kind, dates, status, aliases, region."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from ingest import marginal as m
from ingest.dates import at_once, day_of, first_day, lifetime
from ingest.enactment import ORDER, Enactment, note_length, office_line, read_note
from ingest.issuers import issuers_of, speaker_of
from ingest.kinds import kind_by_number, kind_of, status_of
from ingest.lines import Line
from ingest.model import Kind, Status
from ingest.regions import region_of, region_of_law

_BRACKETS = r"[〔﹝\[【(（]\s*((?:19|20)\d{2})\s*[〕﹞\]】)）]"
NUMBER = re.compile(
    rf"[\u4e00-\u9fff]{{2,14}}(?:字)?(?:第)?\s*{_BRACKETS}\s*(?:第\s*)?\d{{1,5}}\s*[号號]"
    r"|[A-Z]{2,3}\d{0,4}(?:[/／][A-Z])?\s?\d{1,6}(?:\.\d+)?[—–-](?:19|20)\d{2}"
)
_SERIAL = re.compile(r"第\s*[\d一二三四五六七八九十百〇零]{1,5}\s*[号號]")
_FIRST_LINES = 14


@dataclass(frozen=True, slots=True)
class Facts:
    """A document's particulars; None, empty or UNKNOWN where the text does not say."""

    title: str
    kind: Kind = Kind.OTHER
    status: Status = Status.UNKNOWN
    number: str | None = None
    issuers: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    region: str | None = None
    issued_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    amended_on: date | None = None
    """The latest amendment that the words under the title name."""
    own_number: str | None = None
    """The number where a line of its own prints it and not only the words under the title: what ids are made of."""


_CARD_NUMBER = ("发文字号", "文号", "文件编号", "发文文号")
_CARD_ISSUED = ("成文日期", "发文日期", "印发日期")
_CARD_EFFECTIVE = ("施行日期", "生效日期", "实施日期")
_CARD_EXPIRES = ("失效日期", "废止日期", "有效期至")


def describe(
    title: str, lines: Sequence[Line], *, headline: bool, card: Mapping[str, str] = MappingProxyType({})
) -> Facts:
    """The particulars printed in a document. ``lines`` in reading order, those of the title among them.

    ``card`` is the index card that a government site prints beside its text (发文字号, 成文日期, …), for a file that
    holds one document; what the text itself says comes first.
    """
    title = clean_title(title)
    head = [line for line in lines[:_FIRST_LINES] if len(line.text) < 120]
    signature = signature_lines(lines)
    body = "\n".join(line.text[:4000] for line in lines)
    note, below = (Enactment(), ()) if headline else _note(lines, title)
    own_number = _number(head, title, headline=headline) or _card_number(card)
    number = note.number or own_number
    kind = kind_by_number(kind_of(title, lines, headline=headline), number)
    issuers = issuers_of(title, head, signature, headline=headline)
    if not issuers and (office := note.issuer or office_line(below)) is not None:
        issuers = (office,)
    if kind is Kind.SPEECH and not issuers:
        issuers = speaker_of(head)
    effective, expires = lifetime(body)
    effective = effective or _card_day(card, _CARD_EFFECTIVE)
    expires = expires or _card_day(card, _CARD_EXPIRES)
    issued = note.issued or _issued(head, signature, lines, effective) or _card_day(card, _CARD_ISSUED)
    made_known = note.promulgated if note.adopted is not None else issued  # a law may be made known days after its vote
    if effective is None and status_of(title, body, kind) is not Status.DRAFT and at_once(body):
        effective = made_known
    return Facts(
        title=title,
        kind=kind,
        status=status_of(title, body, kind, dated=effective is not None),
        number=number,
        issuers=issuers,
        aliases=_aliases(title, kind),
        region=region_of(title, issuers, number) or region_of_law(kind, body),
        issued_on=issued,
        effective_on=effective if kind not in {Kind.NEWS, Kind.SPEECH} else None,
        expires_on=expires if kind not in {Kind.NEWS, Kind.SPEECH} else None,
        amended_on=note.amended,
        own_number=own_number,
    )


def _note(lines: Sequence[Line], title: str) -> tuple[Enactment, Sequence[Line]]:
    """What the lines right below the title say about how the text came about, and those lines."""
    start = next((at for at, line in enumerate(lines[:_FIRST_LINES]) if note_length(lines[at:])), None)
    if start is None or any(line.label is not None for line in lines[:start]):
        return Enactment(), ()
    below = lines[start : start + note_length(lines[start:])]
    return read_note("\n".join(line.text for line in below if clean_title(line.text) != title)), below


def _card_number(card: Mapping[str, str]) -> str | None:
    found = next((NUMBER.search(card[name]) for name in _CARD_NUMBER if name in card), None)
    return re.sub(r"\s", "", found[0]) if found is not None else None


def _card_day(card: Mapping[str, str], names: Sequence[str]) -> date | None:
    return next((day for name in names if (day := first_day(card.get(name, ""))) is not None), None)


def clean_title(title: str) -> str:
    """A title on one line: white space as single blanks, none between Chinese characters cut by a line break."""
    title = re.sub(r"^法[規规]名[稱称][ 　]*[:：][ 　]*", "", title.lstrip("#＃ "))
    return re.sub(r"[\s\xa0　]+", " ", title).strip()


def signature_lines(lines: Sequence[Line]) -> list[Line]:
    """The last date alone on its line and the offices above it."""
    for at in range(len(lines) - 1, max(len(lines) - 12, 0), -1):
        if m.is_date(lines[at]):
            first = at
            while first > 0 and at - first < 20 and _is_office_line(lines[first - 1]):
                first -= 1
            return list(lines[first : at + 1])
    return []


def _is_office_line(line: Line) -> bool:
    return line.label is None and len(line.text) <= 60 and re.search(r"[，,。；;:：]", line.text) is None


def _number(head: Sequence[Line], title: str, *, headline: bool) -> str | None:
    """The document's own number: alone on a line near the title or in it, never one that a sentence quotes."""
    order = next((line.text for line in head if line.text.endswith("令") and m.is_letterhead(line)), None)
    serial = next((line.text for line in head if _SERIAL.fullmatch(line.text)), None)
    if order is not None and serial is not None:  # 云溪市人民政府令 above 第41号
        return re.sub(r"\s", "", order + serial)
    for line in head:
        if m.is_number(line):
            found = NUMBER.search(line.text) or ORDER.search(line.text)
            if found is not None:
                return re.sub(r"\s", "", found[0])
    found = NUMBER.search(title)
    if found is not None and not headline:
        return re.sub(r"\s", "", found[0])
    for line in head:
        short = NUMBER.search(line.text) or ORDER.search(re.sub(m.DATE, " ", line.text))
        if short is not None and line.label is None and len(short[0]) >= 0.5 * len(line.text):
            return re.sub(r"\s", "", short[0])
    return None


def _aliases(title: str, kind: Kind) -> tuple[str, ...]:
    """Other names: the bare name in 《…》, and the title without its brackets and without its issuers."""
    found: list[str] = []
    if kind not in {Kind.NEWS, Kind.INTERPRETATION, Kind.SPEECH, Kind.LIST}:
        inner = re.search(r"《([^《》]{4,80})》", title)
        if inner is not None and re.search(r"关于(?:修改|修订|修正|废止).{0,4}《", title) is None:
            found.append(inner[1])
        bare = re.sub(r"[（(〔\[][^（()）]{1,24}[)）〕\]]$", "", title)
        about = re.sub(r"^.{2,60}?(?=关于)", "", bare) if "关于" in bare[2:] else bare
        found.extend(name for name in (bare, about) if name != title and len(name) >= 4)
        short = re.sub(r"^(?:中华人民共和国)", "", bare)
        found.extend([short] if short != bare and len(short) >= 3 else [])
    whole = (name for name in found if name and name.count("《") == name.count("》"))
    return tuple(dict.fromkeys(name for name in whole if name != title))


def _issued(
    head: Sequence[Line], signature: Sequence[Line], lines: Sequence[Line], effective: date | None
) -> date | None:
    """The day of issue: the signature's, else one under the title, else a news agency's dateline."""
    if signature and (day := day_of(signature[-1].text)) is not None:
        return day
    for line in head[:8]:
        if (
            m.is_date(line)
            or m.is_source(line)
            or m.is_occasion(line)
            or re.fullmatch(r"[(（].{4,100}[)）]", line.text)
        ):
            day = first_day(line.text)
            if day is not None:
                return day
    for line in lines[:4]:
        dateline = re.match(r"[^。]{0,14}?(\d{1,2})月(\d{1,2})日(?:电|消息|讯)", line.text)
        if dateline is not None and effective is not None:
            try:
                return date(effective.year, int(dateline[1]), int(dateline[2]))
            except ValueError:
                return None
    return None
