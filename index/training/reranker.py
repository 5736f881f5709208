"""The reranking recipe: a cross-encoder that reads question and passage together, from the transformer's trunk.

Written for a GPU, like the trunk; on a CPU it runs, at tiny sizes only, which is how it is tested.
"""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from index.training.evaluation import Encode
from index.training.job import Job, load_sets, plan_of
from index.training.journal import Journal
from index.training.pairs import Ids, PairSet, Texts
from index.training.recipe import Stage
from index.training.sources import TrainingDataError
from index.training.trunk import Frame, device_and_type, encode_texts

_NOTED_EVERY = 50
_AT_ONCE = 512
_NEAR = 30
_SAME = 0.95
Rows = npt.NDArray[np.int64]


def train_reranker(job: Job) -> Path:
    """Trains on each stage's pairs against passages that the trunk takes for answers; returns the finished folder.

    ``job.start`` is a finished transformer's folder. The result loads with ``CrossEncoder(folder)``. Carries on after
    the last finished stage when it is started again in the same folder.
    """
    from transformers import BertForSequenceClassification, PreTrainedTokenizerFast

    if job.start is None:
        raise TrainingDataError("the reranker starts from a finished transformer: give its folder with --start")
    job.out.mkdir(parents=True, exist_ok=True)
    journal = Journal(job.out, job.quiet)
    load_tokenizer: Any = PreTrainedTokenizerFast.from_pretrained
    # Without token types, who loads the finished folder would have the network read both texts as the question.
    tokenizer = load_tokenizer(job.start, model_input_names=["input_ids", "token_type_ids", "attention_mask"])
    torch.manual_seed(job.seed)
    model: Any = BertForSequenceClassification.from_pretrained(job.start, num_labels=1, dtype=torch.float32)
    model.to(device_and_type()[0])
    done = -1
    if restored := journal.restore():
        model.load_state_dict(restored[0])
        done = restored[1]
    sets = load_sets(job, Tokenizer.from_file(str(job.start / "tokenizer.json")))
    frame = Frame.of(tokenizer, int(model.config.max_position_embeddings))
    for number, stage in enumerate(job.recipe.stages[: job.stop_after]):
        if number > done:
            _run_stage(job, stage, number, model, frame, sets, journal)
            journal.save(model.state_dict(), number, 0, force=True)
    folder = job.out / "model"
    model.to("cpu", torch.float16).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    journal.draw()
    return folder


def _run_stage(
    job: Job, stage: Stage, number: int, model: Any, frame: Frame, sets: list[PairSet], journal: Journal
) -> None:
    """Each question picks its passage out of ``stage.mined_negatives`` more of the same set that lie near it."""
    encoder = partial(encode_texts, model.bert, frame)
    near = {index: _near(encoder, pairs) for index, pairs in enumerate(sets) if stage.repeats.get(pairs.name)}
    plan = plan_of(job, stage, number, sets)
    device, half = device_and_type()
    optimizer = torch.optim.AdamW(model.parameters(), lr=stage.transformer_rate, weight_decay=0.01)
    model.train()
    losses: list[float] = []
    started = time.monotonic()
    for step, (index, rows) in enumerate(plan, start=1):
        rng = np.random.default_rng([job.seed, number, step])
        for group in optimizer.param_groups:
            group["lr"] = stage.transformer_rate * min(1.0, 20 * step / len(plan)) * max(0.02, 1 - step / len(plan))
        questions, passages = _lists(sets[index], rows, near[index], stage.mined_negatives, rng)
        inputs = {name: grid.to(device) for name, grid in frame.pairs(questions, passages).items()}
        with torch.autocast(device.type, half, enabled=half is not None):
            scores = model(**inputs).logits.float().view(len(rows), -1)
        loss = functional.cross_entropy(scores, torch.zeros(len(rows), dtype=torch.long, device=device))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(float(loss.detach()))
        if step % _NOTED_EVERY == 0 or step == len(plan):
            figures = {"loss": round(float(np.mean(losses)), 4), "seconds": round(time.monotonic() - started, 1)}
            journal.note("loss", stage=stage.name, step=step, steps=len(plan), **figures)
            losses = []


def _near(encoder: Encode, pairs: PairSet) -> Rows:
    """For each pair up to thirty rows of its set whose passages lie near its question and are not its own again."""
    questions, passages = encoder(pairs.queries), encoder(pairs.passages)
    found: list[Rows] = []
    for start in range(0, len(pairs), _AT_ONCE):
        own = passages[start : start + _AT_ONCE] @ passages.T > _SAME
        scores = (questions[start : start + _AT_ONCE] @ passages.T).masked_fill(own, -2.0)
        found.append(scores.topk(min(_NEAR, len(pairs)), dim=1).indices.numpy())
    return np.concatenate(found)


def _lists(pairs: PairSet, rows: Rows, near: Rows, count: int, rng: np.random.Generator) -> tuple[list[Ids], list[Ids]]:
    """Questions and passages to be read together: for each row its own passage, then ``count`` near ones."""
    questions: list[Ids] = []
    passages: list[Ids] = []
    for row in rows.tolist():
        for other in (row, *rng.permutation(near[row])[:count].tolist()):
            questions.append(_text(pairs.queries, row))
            passages.append(_text(pairs.passages, other))
    return questions, passages


def _text(texts: Texts, row: int) -> Ids:
    return texts.ids[texts.ends[row] : texts.ends[row + 1]]
