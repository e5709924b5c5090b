"""Trains a walk model: Muon for matrices, AdamW for the rest, warm-up–stable–decay, INT4 experts in
the loop for the last part; resumable, seeded.

Writes metrics.csv and a checkpoint every few minutes into one folder; `export` makes it a model's
folder.
"""

from __future__ import annotations

import csv
import os
import random
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import nn

from inference.checkpoint.config import read_config
from studio.pipeline.labelling.model.alphabet import KINDS
from studio.pipeline.labelling.training.dataset import (
    Sample,
    include_labels,
    make_batches,
    pad_batch,
    read_samples,
)
from studio.pipeline.labelling.training.learner import Learner
from studio.pipeline.labelling.training.presets import write_files

WARM_UP, DECAY, QUANTIZED = (
    0.03,
    0.35,
    0.7,
)  # shares of the run: until where, for how long at the end, from where
SAVE_EVERY = 120.0  # seconds
EVALUATE_EVERY = 400.0
LOOK = 60  # questions of unseen sites that are looked at on the way; all of them at the end


@dataclass(frozen=True)
class TrainingPlan:
    preset: str = "mini"
    minutes: float = 60.0
    rate: float = 2e-3
    batch_tokens: int = 5_000
    seed: int = 0
    threads: int = 1
    device: str = "cpu"


def train(samples: Path, folder: Path, plan: TrainingPlan) -> None:
    """Goes on from `folder`'s last checkpoint if there is one. Time, not steps, is what the plan
    spends.

    Under torchrun each process learns from a batch of its own in every step, and all take the mean
    of their gradients.
    """
    torch.set_num_threads(plan.threads)
    rank, peers = _join_processes()
    if rank == 0:
        write_files(folder / "files", plan.preset)
    if dist.is_initialized():
        dist.barrier()  # its files are there for all
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
    training = [include_labels(sample, learner.first) for sample in training]
    glance = random.Random(1).sample(validation, min(LOOK, len(validation)))
    total, begun = 60 * plan.minutes, time.monotonic() - spent
    saved = evaluated = time.monotonic()
    losses: list[float] = []
    while True:
        order = make_batches(training, plan.batch_tokens, rng)
        for batch in order[rank : len(order) // peers * peers : peers]:
            now = time.monotonic()
            done = _agree_on_time((now - begun) / total)
            if rank == 0 and (done >= 1 or now - saved > SAVE_EVERY):
                _save_state(last, learner, optimizers, min(now - begun, total), step)
                saved = now
            if rank == 0 and (done >= 1 or now - evaluated > EVALUATE_EVERY):
                row = {
                    "seconds": round(now - begun),
                    "step": step,
                    "loss": round(sum(losses) / max(1, len(losses)), 4),
                }
                _append_metrics(
                    folder / "metrics.csv",
                    row | evaluate(learner, validation if done >= 1 else glance),
                )
                losses, evaluated = [], time.monotonic()
                begun += evaluated - now  # looking is not learning
            if done >= 1:
                return
            for group in (group for optimizer in optimizers for group in optimizer.param_groups):
                group["lr"] = plan.rate * compute_learning_rate(done)
            learner.quantized = done >= QUANTIZED
            losses.append(learn_batch(learner, optimizers, batch))
            step += 1


def _join_processes() -> tuple[int, int]:
    """This process's number and how many there are, once torchrun has brought them together."""
    if "WORLD_SIZE" not in os.environ:
        return 0, 1
    if not dist.is_initialized():
        dist.init_process_group("gloo")
    return dist.get_rank(), dist.get_world_size()


def _agree_on_time(done: float) -> float:
    """The first process's clock is everybody's."""
    if dist.is_initialized():
        told = torch.tensor(done)
        dist.broadcast(told, 0)
        return float(told)
    return done


def _average_gradients(learner: Learner) -> None:
    """Gradients and routers' biases become the mean of all processes'."""
    ours = []
    for parameter in learner.parameters():
        if parameter.requires_grad:  # one that this batch had no use for learns from the others'
            parameter.grad = (
                torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
            )
            ours.append(parameter.grad)
    ours += [
        buffer
        for name, buffer in learner.named_buffers()
        if name.endswith("e_score_correction_bias")
    ]
    flat = torch.cat([one.flatten() for one in ours])
    dist.all_reduce(flat)
    for one, mean in zip(
        ours, (flat / dist.get_world_size()).split([one.numel() for one in ours]), strict=True
    ):
        one.copy_(mean.view_as(one))


def compute_learning_rate(done: float) -> float:
    """Warm-up, stable, then down to a twentieth."""
    return min(1.0, done / WARM_UP, 0.05 + 0.95 * (1 - done) / DECAY)


def make_optimizers(learner: Learner, rate: float) -> list[torch.optim.Optimizer]:
    """Muon turns the layers' matrices by steps as large as AdamW's would be; tables, routers and
    norms are AdamW's.
    """
    matrices: list[nn.Parameter] = []
    tables: list[nn.Parameter] = []
    vectors: list[nn.Parameter] = []
    learner.kimi.language_model.model.embed_tokens.weight.requires_grad_(False)
    for name, parameter in learner.named_parameters():
        if not parameter.requires_grad:
            continue
        inner = parameter.ndim == 2 and not name.endswith(
            ("table.weight", "lm_head.weight", "gate.weight")
        )
        (matrices if inner else tables if parameter.ndim == 2 else vectors).append(parameter)
    rest = [{"params": tables, "weight_decay": 0.05}, {"params": vectors, "weight_decay": 0.0}]
    return [
        torch.optim.Muon(matrices, lr=rate, weight_decay=0.05, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(rest, lr=rate, betas=(0.9, 0.98)),
    ]


def learn_batch(
    learner: Learner, optimizers: Sequence[torch.optim.Optimizer], batch: Sequence[Sample]
) -> float:
    """One step; the batch's loss before it, nats a label."""
    loss = learner.loss(pad_batch(batch))
    for optimizer in optimizers:
        optimizer.zero_grad()
    loss.backward()
    if dist.is_initialized():
        _average_gradients(learner)
    torch.nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
    for optimizer in optimizers:
        optimizer.step()
    return float(loss.detach())


def evaluate(learner: Learner, samples: Sequence[Sample]) -> dict[str, float]:
    """Shares right on whole sites never seen, of texts, boxes and groups, beside the rules'; nats a
    label.
    """
    right: dict[str, list[int]] = defaultdict(list)
    loss = 0.0
    for batch in make_batches(samples, 24_000, random.Random(0)):
        best, nats = learner.guesses(pad_batch(batch))
        loss += sum(nats)
        for hit, (_, kind, guess, flow, _) in zip(
            best, (label for s in batch for label in s.labels), strict=True
        ):
            what = "text" if flow == "text" else "box" if KINDS[kind] in BOXES else "group"
            right[what].append(hit == kind)
            right[f"{what}_rules"].append(guess == kind)
    count = sum(len(right[what]) for what in SUBJECTS)
    shares = {name: round(sum(hits) / len(hits), 4) for name, hits in sorted(right.items())}
    return {"val_loss": round(loss / max(1, count), 4), **shares}


SUBJECTS = ("text", "box", "group")
BOXES = ("button", "badge", "field", "select", "panel", "card")


def _save_state(
    path: Path,
    learner: Learner,
    optimizers: Sequence[torch.optim.Optimizer],
    spent: float,
    step: int,
) -> None:
    states = [optimizer.state_dict() for optimizer in optimizers]
    held = {"learner": learner.state_dict(), "optimizers": states, "spent": spent, "step": step}
    torch.save(held, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def _append_metrics(path: Path, row: dict[str, Any]) -> None:
    new = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        if new:
            writer.writeheader()
        writer.writerow(row)
    print(row, flush=True)
