"""Two ways in which a file can fail to be read, each one sentence that names the file and says what to do."""

from __future__ import annotations


class ReadError(Exception):
    """A file could not be read. ``str(error)`` is one sentence: what, which file, what to do."""

    def __init__(self, name: str, problem: str, advice: str) -> None:
        super().__init__(f"{name}: {problem}. {advice}")
        self.name = name
        self.problem = problem
        self.advice = advice


class MissingExtraError(ReadError):
    """A file needs a part of PolicyQA that is not installed, such as ``policyqa[ocr]``."""
