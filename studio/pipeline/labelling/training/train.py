"""Training of a walk model, resumable and seeded.

Muon trains matrices, AdamW the rest, with a warm-up–stable–decay schedule and INT4 experts in the
loop for the last part. metrics.csv and a checkpoint are written every few minutes into one folder;
`export` makes a model's folder of it.
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

WARM_UP = 0.03  # share of the run at its start
DECAY = 0.35  # share of the run at its end
QUANTIZED = 0.7  # share of the run after which experts are quantized
LEAST_RATE = 0.05  # of the learning rate, at the end
SAVE_EVERY = 120.0  # seconds
EVALUATE_EVERY = 400.0  # seconds
LOOK = 60  # questions of unseen sites that are evaluated on the way; all of them at the end


@dataclass(frozen=True)
class TrainingPlan:
    """The settings of one training."""

    preset: str = "mini"
    minutes: float = 60.0
    rate: float = 2e-3
    batch_tokens: int = 5_000
    seed: int = 0
    threads: int = 1
    device: str = "cpu"


def train(samples: Path, folder: Path, plan: TrainingPlan) -> None:
    """Train for the plan's minutes, from `folder`'s last checkpoint if there is one.

    Time is limited, not steps. Under torchrun each process trains on its own batch in every step, and all
    use the mean of their gradients.
    """
    torch.set_num_threads(plan.threads)
    rank, peers = _join_processes()
    if rank == 0:
        write_files(folder / "files", plan.preset)
    if dist.is_initialized():
        dist.barrier()  # until the files are written
    learner = Learner(read_config(folder / "files"), plan.seed).to(plan.device)
    optimizers = make_optimizers(learner, plan.rate)
    rng = random.Random(plan.seed)
    spent = 0.0
    step = 0
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
    total = 60 * plan.minutes
    started = time.monotonic() - spent
    saved = evaluated = time.monotonic()
    losses: list[float] = []
    while True:
        order = make_batches(training, plan.batch_tokens, rng)
        for batch in order[rank : len(order) // peers * peers : peers]:
            now = time.monotonic()
            done = _agree_on_time((now - started) / total)
            if rank == 0 and (done >= 1 or now - saved > SAVE_EVERY):
                _save_state(last, learner, optimizers, min(now - started, total), step)
                saved = now
            if rank == 0 and (done >= 1 or now - evaluated > EVALUATE_EVERY):
                row = {
                    "seconds": round(now - started),
                    "step": step,
                    "loss": round(sum(losses) / max(1, len(losses)), 4),
                }
                row |= evaluate(learner, validation if done >= 1 else glance)
                _append_metrics(folder / "metrics.csv", row)
                losses = []
                evaluated = time.monotonic()
                started += evaluated - now  # evaluation does not count as training time
            if done >= 1:
                return
            for group in (group for optimizer in optimizers for group in optimizer.param_groups):
                group["lr"] = plan.rate * compute_learning_rate(done)
            learner.quantized = done >= QUANTIZED
            losses.append(learn_batch(learner, optimizers, batch))
            step += 1


def _join_processes() -> tuple[int, int]:
    """Return this process's number and how many there are, after torchrun has connected them."""
    if "WORLD_SIZE" not in os.environ:
        return 0, 1
    if not dist.is_initialized():
        dist.init_process_group("gloo")
    return dist.get_rank(), dist.get_world_size()


def _agree_on_time(done: float) -> float:
    """Return the first process's progress, which all processes use."""
    if dist.is_initialized():
        first_done = torch.tensor(done)
        dist.broadcast(first_done, 0)
        return float(first_done)
    return done


def _average_gradients(learner: Learner) -> None:
    """Replace gradients and routers' biases by the mean of all processes'."""
    ours = []
    for parameter in learner.parameters():
        if not parameter.requires_grad:
            continue
        if parameter.grad is None:  # unused in this batch; it may be used in the others'
            parameter.grad = torch.zeros_like(parameter)
        ours.append(parameter.grad)
    ours += [
        buffer
        for name, buffer in learner.named_buffers()
        if name.endswith("e_score_correction_bias")
    ]
    flat = torch.cat([tensor.flatten() for tensor in ours])
    dist.all_reduce(flat)
    means = (flat / dist.get_world_size()).split([tensor.numel() for tensor in ours])
    for tensor, mean in zip(ours, means, strict=True):
        tensor.copy_(mean.view_as(tensor))


def compute_learning_rate(done: float) -> float:
    """Return the learning rate's factor: warm-up, stable, then down to a twentieth."""
    return min(1.0, done / WARM_UP, LEAST_RATE + (1 - LEAST_RATE) * (1 - done) / DECAY)


def make_optimizers(learner: Learner, rate: float) -> list[torch.optim.Optimizer]:
    """Return Muon for the layers' matrices, AdamW for tables, routers and norms.

    Muon's steps are scaled to be as large as AdamW's.
    """
    matrices: list[nn.Parameter] = []
    tables: list[nn.Parameter] = []
    vectors: list[nn.Parameter] = []
    learner.kimi.language_model.model.embed_tokens.weight.requires_grad_(False)
    for name, parameter in learner.named_parameters():
        if not parameter.requires_grad:
            continue
        if parameter.ndim != 2:
            vectors.append(parameter)
        elif name.endswith(("table.weight", "lm_head.weight", "gate.weight")):
            tables.append(parameter)
        else:
            matrices.append(parameter)
    rest = [{"params": tables, "weight_decay": 0.05}, {"params": vectors, "weight_decay": 0.0}]
    return [
        torch.optim.Muon(matrices, lr=rate, weight_decay=0.05, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(rest, lr=rate, betas=(0.9, 0.98)),
    ]


def learn_batch(
    learner: Learner, optimizers: Sequence[torch.optim.Optimizer], batch: Sequence[Sample]
) -> float:
    """Train one step; return the batch's loss before it, in nats a label."""
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
    """Return the shares right on unseen sites, of texts, boxes and groups, with the rules' shares.

    The loss is in nats a label.
    """
    right: dict[str, list[int]] = defaultdict(list)
    loss = 0.0
    for batch in make_batches(samples, 24_000, random.Random(0)):
        best, nats = learner.guesses(pad_batch(batch))
        loss += sum(nats)
        for hit, (_, kind, guess, flow, _) in zip(
            best, (label for s in batch for label in s.labels), strict=True
        ):
            subject = _find_subject(flow, KINDS[kind])
            right[subject].append(hit == kind)
            right[f"{subject}_rules"].append(guess == kind)
    count = sum(len(right[subject]) for subject in SUBJECTS)
    shares = {name: round(sum(hits) / len(hits), 4) for name, hits in sorted(right.items())}
    return {"val_loss": round(loss / max(1, count), 4), **shares}


SUBJECTS = ("text", "box", "group")
BOXES = ("button", "badge", "field", "select", "panel", "card")


def _find_subject(flow: str, kind: str) -> str:
    if flow == "text":
        return "text"
    return "box" if kind in BOXES else "group"


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
