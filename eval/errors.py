"""Ways in which an evaluation can refuse; each message is one sentence that says what, where and what to do."""

from __future__ import annotations

from pathlib import Path


class EvaluationError(Exception):
    """An evaluation cannot be run or read as asked; ``str(error)`` tells the user what to do about it."""


class QuestionFileError(EvaluationError):
    """A question set does not follow the format. The message names the file, the line and the field."""

    def __init__(self, path: Path | str, line: int | None, field: str | None, problem: str) -> None:
        where = str(path) if line is None else f"{path}, line {line}"
        super().__init__(f"{where}: {f'field {field!r} ' if field else ''}{problem}")
        self.path = str(path)
        self.line = line
        self.field = field


class MissingGoldError(EvaluationError):
    """The store does not hold documents that the question set's gold is in. ``documents`` names them."""

    def __init__(self, documents: tuple[str, ...], store: str) -> None:
        named = "; ".join(documents[:5]) + (f"; and {len(documents) - 5} more" if len(documents) > 5 else "")
        count = "1 document" if len(documents) == 1 else f"{len(documents)} documents"
        super().__init__(
            f"the store {store} lacks {count} that the questions' gold is in: {named}. Ingest them into this store, "
            "name another with --store, or score those questions as missed with --allow-missing"
        )
        self.documents = documents


class RunFileError(EvaluationError):
    """A saved run cannot be read, or two runs cannot be compared."""


class GateError(EvaluationError):
    """A ``--require`` gate names no known measure, or is not of the form name=number."""
