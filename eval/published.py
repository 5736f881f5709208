"""What others reported on the external benchmarks, with where they did; never measured here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A system's figures by measure, as its source gives them, and what they were measured on."""

    system: str
    measures: dict[str, float]
    source: str
    setting: str


_STARD = "Su et al. 2024, STARD: A Chinese Statute Retrieval Dataset with Real Queries…, arXiv 2406.15313"
_QWEN = "quoted in the notes of the benchmark's rebuilt copy; the original publication was not checked"

PUBLISHED: dict[str, tuple[PublishedFigure, ...]] = {
    "stard": (
        PublishedFigure("BM25", {"recall10": 0.394, "recall100": 0.649}, _STARD, "whole set, authors' corpus"),
        PublishedFigure(
            "Chinese-RoBERTa, fine-tuned on STARD",
            {"recall10": 0.606, "mrr10": 0.472, "recall100": 0.907},
            _STARD,
            "5-fold, authors' corpus",
        ),
        PublishedFigure("Qwen3-Embedding-4B, zero-shot", {"recall10": 0.604}, _QWEN, "dev"),
        PublishedFigure(
            "Qwen3-Embedding-4B + fine-tuned Qwen3-Reranker-4B", {"recall10": 0.848}, _QWEN, "dev, reranker trained"
        ),
    )
}
"""By benchmark, as its folder is named."""
