"""Trains a walk model: Muon for matrices, AdamW for the rest, warm-up–stable–decay, INT4 experts in the loop for the
last part; resumable, seeded.

Writes metrics.csv and a checkpoint every few minutes into one folder; `export` makes it a model's folder.
"""

from __future__ import annotations

import csv
import random
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from inference.config import read_config
from inference.training.dataset import Sample, batches, padded, read_samples
from inference.training.learner import Learner
from inference.training.presets import write_files

WARM_UP, DECAY, QUANTIZED = 0.03, 0.35, 0.7  # shares of the run: until where, for how long at the end, from where
SAVE_EVERY = 120.0  # seconds
EVALUATE_EVERY = 200.0


@dataclass(frozen=True)
class Plan:
    preset: str = "mini"
    minutes: float = 60.0
    rate: float = 2e-3
    batch_tokens: int = 6_000
    seed: int = 0
    threads: int = 1
    device: str = "cpu"


def train(samples: Path, folder: Path, plan: Plan) -> None:
    """Goes on from `folder`'s last checkpoint if there is one. Time, not steps, is what the plan spends."""
    torch.set_num_threads(plan.threads)
    write_files(folder / "files", plan.preset)
    learner = Learner(read_config(folder / "files"), plan.seed).to(plan.device)
    optimizers = make_optimizers(learner, plan.rate)
    rng, spent, step = random.Random(plan.seed), 0.0, 0
    last = folder / "last.pt"
    if last.exists():
        held = torch.load(last, map_location=plan.device, weights_only=True)
        learner.load_state_dict(held["learner"])
        for optimizer, state in zip(optimizers, held["optimizers"], strict=True):
            optimizer.load_state_dict(state)
        spent, step = held["spent"], held["step"]
    training, validation = read_samples(samples)
    total, begun = 60 * plan.minutes, time.monotonic() - spent
    saved = evaluated = time.monotonic()
    losses: list[float] = []
    while True:
        for batch in batches(training, plan.batch_tokens, rng):
            now = time.monotonic()
            done = (now - begun) / total
            if done >= 1 or now - saved > SAVE_EVERY:
                _save(last, learner, optimizers, min(now - begun, total), step)
                saved = now
            if done >= 1 or now - evaluated > EVALUATE_EVERY:
                row = {"seconds": round(now - begun), "step": step, "loss": round(sum(losses) / max(1, len(losses)), 4)}
                _note(folder / "metrics.csv", row | evaluate(learner, validation))
                losses, evaluated = [], time.monotonic()
                begun += evaluated - now  # looking is not learning
            if done >= 1:
                return
            for group in (group for optimizer in optimizers for group in optimizer.param_groups):
                group["lr"] = plan.rate * pace(done)
            learner.quantized = done >= QUANTIZED
            losses.append(learn(learner, optimizers, batch))
            step += 1


def pace(done: float) -> float:
    """Warm-up, stable, then down to a twentieth."""
    return min(1.0, done / WARM_UP, 0.05 + 0.95 * (1 - done) / DECAY)


def make_optimizers(learner: Learner, rate: float) -> list[torch.optim.Optimizer]:
    """Muon turns the layers' matrices by steps as large as AdamW's would be; tables, routers and norms are AdamW's."""
    matrices: list[nn.Parameter] = []
    tables: list[nn.Parameter] = []
    vectors: list[nn.Parameter] = []
    for name, parameter in learner.named_parameters():
        inner = parameter.ndim == 2 and not name.endswith(("embed_tokens.weight", "lm_head.weight", "gate.weight"))
        (matrices if inner else tables if parameter.ndim == 2 else vectors).append(parameter)
    rest = [{"params": tables, "weight_decay": 0.05}, {"params": vectors, "weight_decay": 0.0}]
    return [
        torch.optim.Muon(matrices, lr=rate, weight_decay=0.05, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(rest, lr=rate, betas=(0.9, 0.98)),
    ]


def learn(learner: Learner, optimizers: Sequence[torch.optim.Optimizer], batch: Sequence[Sample]) -> float:
    """One step; the batch's loss before it, nats a label."""
    loss = learner.loss(*padded(batch))
    for optimizer in optimizers:
        optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
    for optimizer in optimizers:
        optimizer.step()
    return float(loss.detach())


@torch.no_grad()
def evaluate(learner: Learner, samples: Sequence[Sample]) -> dict[str, float]:
    """Shares right on whole sites never seen: of kinds by what the node is, beside the rules; and of spaces."""
    right: dict[str, list[int]] = defaultdict(list)
    loss, count = 0.0, 0
    for batch in batches(samples, 24_000, random.Random(0)):
        tokens, learnt = padded(batch)
        best, total = learner.guesses(tokens, learnt)
        loss, count = loss + total, count + int(learnt.sum())
        for i, sample in enumerate(batch):
            kinds = {at: (kind, guess, flow) for at, kind, guess, flow in sample.kinds}
            for at in sample.learnt:
                hit = int(best[i][at] == sample.tokens[at])
                if at not in kinds:
                    right["space" if at < len(sample.tokens) - 1 else "end"].append(hit)
                    continue
                kind, guess, flow = kinds[at]
                what = "text" if flow == "text" else "box" if kind in BOXES else "group"
                right[what].append(hit)
                right[f"{what}_rules"].append(int(kind == guess))
    shares = {name: round(sum(hits) / len(hits), 4) for name, hits in sorted(right.items()) if name != "end"}
    return {"val_loss": round(loss / max(1, count), 4), **shares}


BOXES = ("button", "badge", "field", "panel", "card")


def _save(path: Path, learner: Learner, optimizers: Sequence[torch.optim.Optimizer], spent: float, step: int) -> None:
    states = [optimizer.state_dict() for optimizer in optimizers]
    held = {"learner": learner.state_dict(), "optimizers": states, "spent": spent, "step": step}
    torch.save(held, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def _note(path: Path, row: dict[str, Any]) -> None:
    new = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        if new:
            writer.writeheader()
        writer.writerow(row)
    print(row, flush=True)
