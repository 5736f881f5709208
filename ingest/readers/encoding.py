"""Which encoding the bytes of a text are in, and the text they hold.

Order of trust: a byte order mark; valid UTF-8; UTF-16 without a mark, told by its zero bytes; GB18030 against Big5 by
how ordinary the decoded characters are; then charset-normalizer for the rest (Shift-JIS, EUC-KR, Windows code pages).
GB18030 must be weighed and not merely tried: it decodes most Big5 files without an error, into nonsense.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

from charset_normalizer import from_bytes

from ingest.readers.limits import Budget
from ingest.readers.wording import warning

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE_BYTES: Final = 200_000
_ORDINARY: Final = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进"
    "着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各"
    "重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次"
    "品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处府研"
    "規章條款項國會產業發經濟數據個這為們來時對過說種後點從還因現實當體開關間樣與應進動務總員無電機統計權區際會議實則處辦理護資訊專門執"
    "，。、；：“”（）《》〔〕！？「」『』〈〉０１２３４５６７８９"
)
_HAN: Final = re.compile("[\u3400-\u9fff]")
_ODD: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
_PRIVATE: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the Python name of the encoding it was in, and sentences about anything doubtful."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, budget: Budget) -> Decoded:
    """The text that ``data`` holds. Raises ReadError where it is empty, binary or in no known encoding."""
    if not data:
        raise budget.refuse("empty")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(_lenient(data[len(mark) :], encoding), budget)
    try:
        return _checked(Decoded(data.decode("utf-8"), "utf-8"), budget)
    except UnicodeDecodeError:
        pass
    sample = _cut(data)
    if 0 in sample:
        return _checked(_wide(data, sample, budget), budget)
    damaged = _lenient(data, "utf-8")
    multibyte = sum(len(found) for found in re.findall("[^\x00-\x7f\ufffd]+", damaged.text[:_SAMPLE_BYTES]))
    if multibyte > 20 * damaged.text[:_SAMPLE_BYTES].count("\ufffd"):
        return _checked(damaged, budget)
    return _checked(_double_byte(data, sample) or _other(data, sample, budget), budget)


def _cut(data: bytes) -> bytes:
    """The beginning of the file up to a line end, so that the sample does not end in half a character."""
    if len(data) <= _SAMPLE_BYTES:
        return data
    end = data.rfind(b"\n", 0, _SAMPLE_BYTES)
    return data[: end + 1 if end > 0 else _SAMPLE_BYTES]


def _lenient(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace")
        count = max(1, text.count("\ufffd"))
        return Decoded(text, encoding, (warning("replaced_bytes", count=count, encoding=encoding),))


def _wide(data: bytes, sample: bytes, budget: Budget) -> Decoded:
    """UTF-16 without a mark, in the byte order that reads as more ordinary text.

    Counting on which side the zero bytes stand is not enough: 一 is U+4E00 and has one on the other side.
    """
    whole = sample[: len(sample) // 2 * 2]
    shares = {e: _ordinary_share(whole.decode(e, errors="replace")) for e in ("utf-16-le", "utf-16-be")}
    encoding = max(shares, key=lambda e: shares[e])
    if shares[encoding] < 0.25:
        raise budget.refuse("binary")
    return _lenient(data, encoding)


def _double_byte(data: bytes, sample: bytes) -> Decoded | None:
    """GB18030 or Big5, whichever reads as more ordinary Chinese; None where neither does."""
    best: tuple[float, str] = (0.0, "")
    for encoding in ("gb18030", "big5hkscs"):
        text = sample.decode(encoding, errors="replace")
        damage = text.count("\ufffd") + len(_PRIVATE.findall(text))
        foreign = [c for c in text if c > "\x7f"]
        if foreign and damage <= 0.02 * len(foreign):
            share = sum(c in _ORDINARY for c in foreign) / len(foreign) - damage / len(foreign)
            best = max(best, (share, encoding))
    if best[0] < 0.12 or not _HAN.search(sample.decode(best[1], errors="replace")):
        return None
    return _lenient(data, best[1])


def _other(data: bytes, sample: bytes, budget: Budget) -> Decoded:
    foreign = sum(byte > 0x7F for byte in sample)
    if foreign * 10 < len(sample) and not _ODD.search(sample.decode("latin-1")):
        # Nearly all ASCII: an English text whose quotation marks Windows wrote. Detectors guess Polish or Czech here.
        try:
            return Decoded(data.decode("cp1252"), "cp1252")
        except UnicodeDecodeError:
            pass  # one of the five bytes that cp1252 leaves open: ask the detector
    match = from_bytes(sample, steps=10, chunk_size=2048).best()
    if match is None:
        raise budget.refuse("binary" if _ODD.search(sample.decode("latin-1")) else "encoding")
    found = _lenient(data, match.encoding)
    return Decoded(found.text, found.encoding, (*found.warnings, warning("guessed_encoding", encoding=match.encoding)))


def _ordinary_share(text: str) -> float:
    """Share of characters that are frequent Chinese, ASCII text or blanks."""
    if not text:
        return 0.0
    return sum(c in _ORDINARY or " " <= c <= "~" or c in "\t\r\n" for c in text) / len(text)


def _checked(found: Decoded, budget: Budget) -> Decoded:
    """The same text, unless it is riddled with control or unassigned characters, as a decoded binary file is."""
    sample = found.text[:_SAMPLE_BYTES]
    bad = len(_ODD.findall(sample)) + sample.count("\ufffd")
    if bad > max(2, len(sample) // 200) or "\x00" in sample:
        raise budget.refuse("binary")
    return found
