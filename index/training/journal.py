"""What a run leaves behind on its way: where it stands, what it lost at each step, and a picture of that."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file
from torch import Tensor

_SAVE_EVERY_S = 120


@dataclass(slots=True)
class Journal:
    """The notes of one run in its folder: ``log.jsonl``, ``state.safetensors`` with ``state.json``, ``curves.png``."""

    folder: Path
    quiet: bool = False
    _saved_at: float = field(default_factory=time.monotonic)

    def note(self, kind: str, **values: Any) -> None:
        """Adds a line to the log, and shows it on stderr."""
        line = {"kind": kind, **values}
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(line, ensure_ascii=False) + "\n")
        if not self.quiet:
            shown = "  ".join(f"{key} {value}" for key, value in values.items())
            sys.stderr.write(f"{kind}: {shown}\n")

    def save(self, state: dict[str, Tensor], stage: int, step: int, *, force: bool = False) -> None:
        """Keeps the state so that the same command carries on from here; at most every two minutes unless forced."""
        if not force and time.monotonic() - self._saved_at < _SAVE_EVERY_S:
            return
        part = self.folder / f"state-{stage}-{step}.safetensors"
        save_file({name: tensor.contiguous() for name, tensor in state.items()}, part)
        marker = self.folder / "state.part"
        marker.write_text(json.dumps({"stage": stage, "step": step, "file": part.name}), encoding="utf-8")
        marker.replace(self.folder / "state.json")
        for old in self.folder.glob("state-*.safetensors"):
            if old != part:
                old.unlink()
        self._saved_at = time.monotonic()

    def restore(self) -> tuple[dict[str, Tensor], int, int] | None:
        """State, stage and step to carry on from, or None where the run has not begun."""
        marker = self.folder / "state.json"
        if not marker.is_file():
            return None
        place = json.loads(marker.read_text(encoding="utf-8"))
        return load_file(self.folder / place["file"]), int(place["stage"]), int(place["step"])

    def lines(self, kind: str) -> list[dict[str, Any]]:
        """The log's lines of one kind."""
        log = self.folder / "log.jsonl"
        if not log.is_file():
            return []
        parsed = (json.loads(line) for line in log.read_text(encoding="utf-8").splitlines())
        return [line for line in parsed if line["kind"] == kind]

    def draw(self) -> Path:
        """The loss of each stage over its steps and the recall after each stage, as ``curves.png``."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(10, 4), layout="constrained")
        left, right = figure.subplots(1, 2)
        losses = self.lines("loss")
        for stage in dict.fromkeys(line["stage"] for line in losses):
            points = {line["step"]: line["loss"] for line in losses if line["stage"] == stage}
            left.plot(sorted(points), [points[step] for step in sorted(points)], label=stage)
        left.set(xlabel="step", ylabel="loss")
        if losses:
            left.legend()
        scores = self.lines("evaluation")
        for key in ("recall@10", "recall@100"):
            if scores and key in scores[0]:
                right.plot([line["stage"] for line in scores], [line[key] for line in scores], marker="o", label=key)
        right.set(title="STARD, questions kept apart from train", ylim=(0, 1))
        if right.lines:
            right.legend()
        file = self.folder / "curves.png"
        figure.savefig(file, dpi=110)
        return file
