"""Trains a walk model: AdamW, warm-up–stable–decay, INT4 experts in the loop for the last part; resumable, seeded.

Writes metrics.csv, curves.png and a checkpoint every few minutes into one folder; `export` makes it a model's folder.
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
import torch.nn.functional as F

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


def train(samples: Path, folder: Path, plan: Plan) -> None:
    """Goes on from `folder`'s last checkpoint if there is one. Time, not steps, is what the plan spends."""
    torch.set_num_threads(plan.threads)
    write_files(folder / "files", plan.preset)
    learner = Learner(read_config(folder / "files"), plan.seed)
    matrices = [p for p in learner.parameters() if p.ndim > 1]
    vectors = [p for p in learner.parameters() if p.ndim <= 1]
    groups = [{"params": matrices, "weight_decay": 0.05}, {"params": vectors, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=plan.rate, betas=(0.9, 0.98))
    rng, spent, step = random.Random(plan.seed), 0.0, 0
    last = folder / "last.pt"
    if last.exists():
        held = torch.load(last, weights_only=True)
        learner.load_state_dict(held["learner"])
        optimizer.load_state_dict(held["optimizer"])
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
                _save(last, learner, optimizer, min(now - begun, total), step)
                saved = now
            if done >= 1 or now - evaluated > EVALUATE_EVERY:
                row = {"seconds": round(now - begun), "step": step, "loss": round(sum(losses) / max(1, len(losses)), 4)}
                _note(folder / "metrics.csv", row | evaluate(learner, validation))
                losses, evaluated = [], time.monotonic()
                begun += evaluated - now  # looking is not learning
            if done >= 1:
                return
            for group in optimizer.param_groups:
                group["lr"] = plan.rate * pace(done)
            learner.quantized = done >= QUANTIZED
            losses.append(_step(learner, optimizer, batch))
            step += 1


def pace(done: float) -> float:
    """Warm-up, stable, then down to a twentieth."""
    return min(1.0, done / WARM_UP, 0.05 + 0.95 * (1 - done) / DECAY)


def _step(learner: Learner, optimizer: torch.optim.Optimizer, batch: Sequence[Sample]) -> float:
    tokens, learnt = padded(batch)
    wanted = learnt[:, 1:]
    learner.train()
    with torch.autocast("cpu", torch.bfloat16):
        logits = learner(tokens[:, :-1], wanted)
    loss = F.cross_entropy(logits.float(), tokens[:, 1:][wanted])
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
    optimizer.step()
    return float(loss.detach())


@torch.no_grad()
def evaluate(learner: Learner, samples: Sequence[Sample]) -> dict[str, float]:
    """Shares right on whole sites never seen: of kinds by what the node is, beside the rules; and of spaces."""
    learner.eval()
    right: dict[str, list[int]] = defaultdict(list)
    loss = count = 0.0
    for batch in batches(samples, 24_000, random.Random(0)):
        tokens, learnt = padded(batch)
        wanted = learnt[:, 1:]
        with torch.autocast("cpu", torch.bfloat16):
            logits = learner(tokens[:, :-1], wanted).float()
        loss += float(F.cross_entropy(logits, tokens[:, 1:][wanted], reduction="sum"))
        count += int(wanted.sum())
        best = torch.zeros_like(tokens)
        best[:, 1:][wanted] = logits.argmax(-1)
        for i, sample in enumerate(batch):
            kinds = {at: (kind, guess, flow) for at, kind, guess, flow in sample.kinds}
            for at in sample.learnt:
                hit = int(best[i, at] == sample.tokens[at])
                if at not in kinds:
                    right["space" if at < len(sample.tokens) - 1 else "end"].append(hit)
                    continue
                kind, guess, flow = kinds[at]
                what = "text" if flow == "text" else "box" if kind in BOXES else "group"
                right[what].append(hit)
                right[f"{what}_rules"].append(int(kind == guess))
    shares = {name: round(sum(hits) / len(hits), 4) for name, hits in sorted(right.items()) if name != "end"}
    return {"val_loss": round(loss / max(1.0, count), 4), **shares}


BOXES = ("button", "badge", "field", "panel", "card")


def _save(path: Path, learner: Learner, optimizer: torch.optim.Optimizer, spent: float, step: int) -> None:
    held = {"learner": learner.state_dict(), "optimizer": optimizer.state_dict(), "spent": spent, "step": step}
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
