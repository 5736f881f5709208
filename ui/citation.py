"""Where a clause stands, as people write it: 《云溪市公共数据条例》(云人常〔2026〕3号)第十二条."""

from __future__ import annotations

import re
from typing import Final

from ingest.model import Clause, PolicyDocument

_ARTICLE: Final = re.compile(
    r"^(?:第[〇零一二三四五六七八九十百千两\d０-９]+条(?:之[一二三四五六七八九十]+)?|Article\s+\d+)", re.IGNORECASE
)
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_ISSUED: Final = re.compile(r"(?:印发|发布|公布)[《〈](.+)[》〉]的(?:通知|公告)$")
_LABEL: Final = re.compile(
    r"^(?:第[〇零一二三四五六七八九十百千两\d０-９]+[编章节条款项](?:之[一二三四五六七八九十]+)?"
    r"|[（(][〇零一二三四五六七八九十百\d０-９]+[）)]"
    r"|[〇零一二三四五六七八九十百]+、|[\d０-９]+(?:\.[\d]+)*[.．、]|[①-⑳]|专栏\s*[\d一二三四五六七八九十]+|附件\s*[\d一二三四五六七八九十]*"
    r"|(?:Article|Section|Chapter)\s+[\dIVXLC]+(?:\.\d+)*)",
    re.IGNORECASE,
)


def place(path: tuple[str, ...] | list[str]) -> str:
    """The labels of a path that a citation needs.

    An article is numbered through a whole law, so its chapter is left out: ``第十二条(二)``. Plans number afresh
    under each heading, so all levels are kept: ``三、(一)1``.
    """
    labels = [label for label in (_label(part) for part in path) if label]
    for position, label in enumerate(labels):
        if _ARTICLE.match(label):
            labels = labels[position:]
            break
    joined = "".join(labels)
    return joined.rstrip("、.．") if joined else (path[-1] if path else "")


def _label(part: str) -> str:
    found = _LABEL.match(part.strip())
    return found[0].strip() if found else ""


def step(part: str, most: int = 18) -> str:
    """One part of a path for a line of crumbs: a heading as it is, a whole sentence only by its label."""
    label = _label(part)
    return label if label and len(part) - len(label) > most else part


def is_chinese(text: str) -> bool:
    """Whether any of it is written in Chinese characters."""
    return bool(_HAN.search(text))


def in_title_marks(title: str) -> str:
    """``《title》``; a title that itself holds title marks gets single ones inside (GB/T 15834, 4.15).

    A title without Chinese characters stands in ``“ ”``, as English has it.
    """
    bare = title.strip()
    if bare and not is_chinese(bare):
        return f"“{bare.strip('“”')}”"
    if bare.startswith("《") and bare.endswith("》") and bare.count("《") == 1:
        return bare
    return f"《{bare.replace('《', '〈').replace('》', '〉')}》"


def spoken_title(title: str) -> str:
    """What people call a text: of a notice that issues another text, that text's title."""
    issued = _ISSUED.search(title)
    return issued[1] if issued else title


def official(title: str, number: str | None, path: tuple[str, ...] | list[str]) -> str:
    """A citation in official style: ``《title》(number)place``; the number is left out where the text has none.

    An English text is cited as ``“Title” (number), Article 7``.
    """
    labels = [_label(part) for part in path]
    where = place(path)
    if not is_chinese(title):
        return ", ".join(part for part in (in_title_marks(title) + (f" ({number})" if number else ""), where) if part)
    if path and not any(labels):
        where = f"“{path[-1]}”部分"
    return in_title_marks(title) + (f"（{number}）" if number else "") + where


def official_of(document: PolicyDocument, clause: Clause) -> str:
    """The official citation of a clause of a document."""
    return official(document.title, document.number, clause.path)
