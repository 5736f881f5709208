"""Two ways in which a file can fail to be read, each one sentence that names the file and says what to do."""

from __future__ import annotations

from ingest.bilingual import both, sides


class ReadError(Exception):
    """A file could not be read. ``str(error)`` says what, which file, what to do, in Chinese and in English.

    ``problem`` and ``advice`` are as ``ingest.bilingual.both`` makes them, or in English alone.
    """

    def __init__(self, name: str, problem: str, advice: str) -> None:
        (chinese, english), (do, do_english) = sides(problem), sides(advice)
        told = f"{english}. {do_english}."
        super().__init__(f"{name}: {told if chinese == english else both(f'{chinese}。{do}。', told)}")
        self.name = name
        self.problem = problem
        self.advice = advice


class MissingExtraError(ReadError):
    """A file needs a part of PolicyQA that is not installed, such as ``policyqa[ocr]``."""
