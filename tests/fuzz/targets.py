"""What is fuzzed: each target takes any bytes and raises only where PolicyQA broke a promise.

python -m tests.fuzz.targets grammar -max_total_time=60     # by atheris, guided by what the code did before
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from index.encoder import load_encoder
from index.store import Store
from ingest.errors import ReadError
from ingest.pipeline import parse_bytes
from ingest.readers import Limits, read_bytes
from qa.assistant import Assistant
from qa.reply import Answer

SEEDS = Path(__file__).parent / "seeds"
_KINDS = ("txt", "md", "html", "csv", "docx", "xlsx", "ofd", "pdf")
_LIMITS = Limits(seconds=20, text_chars=200_000, cells=20_000, pages=20)
_TEXT = "云湖市泊位办法\n\n第一条 泊位每小时收费三元。\n第二条 欠费的,处五十元以上二百元以下罚款。\n"


def readers(data: bytes) -> None:
    """Gives a text or a ReadError; the first byte chooses the kind of file."""
    name = f"a.{_KINDS[data[0] % len(_KINDS)] if data else 'txt'}"
    try:
        found = read_bytes(name, data[1:], limits=_LIMITS)
    except ReadError as error:
        assert str(error).startswith(name)
        return
    assert found.text.strip()


def grammar(data: bytes) -> None:
    """Gives clauses whose text is the source's, each once under its id, each path no empty one."""
    try:
        parsed = parse_bytes("a.txt", data)
    except ReadError:
        return
    for document in parsed.documents:
        ids = [clause.clause_id for clause in document.clauses]
        assert len(ids) == len(set(ids))
        for clause in document.clauses:
            assert clause.path
            assert all(0 <= start < end <= len(parsed.source.text) for start, end in clause.spans)


def question(data: bytes) -> None:
    """Gives a reply whose quotations stand in the documents, character for character."""
    asked = data.decode("utf-8", "ignore").strip()[:300]
    if asked:
        reply = _assistant().ask(asked)
        if isinstance(reply, Answer):
            whole = "".join(_TEXT.split())
            assert all("".join(citation.quote.split()) in whole for citation in reply.citations)


@cache
def _assistant() -> Assistant:
    store = Store.open(Path(tempfile.mkdtemp()) / "store", load_encoder(), create=True)
    store.ingest(parse_bytes("泊位.txt", _TEXT.encode()), _TEXT.encode())
    return Assistant(store)


TARGETS: dict[str, Callable[[bytes], None]] = {"readers": readers, "grammar": grammar, "question": question}
