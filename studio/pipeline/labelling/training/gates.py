"""The gates that a trained model must pass before it is used, each measured."""

from __future__ import annotations

import json
import random
import time
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from inference.checkpoint.config import read_config
from studio.pipeline.labelling.model.alphabet import KINDS
from studio.pipeline.labelling.model.box_pictures import ASKED
from studio.pipeline.labelling.training.dataset import Sample, make_batches, pad_batch, read_samples
from studio.pipeline.labelling.training.learner import Learner
from studio.pipeline.labelling.training.presets import write_files
from studio.pipeline.labelling.training.train import evaluate, learn_batch, make_optimizers

OVERFIT = 200  # questions that a fresh model must learn by heart
EXACT = 0.95
PAGES = 40  # unseen pages that the engine walks
GRAY = 128
LOOKED_AT = sum(1 << KINDS.index(kind) for kind in ASKED)
WANTED = {"text": 0.83, "box": 0.87, "group": 0.80}


def run_gates(samples: Path, folder: Path, checkpoint: Path, preset: str, minutes: float) -> str:
    """Run every gate; return the results as JSON, also written to `folder`/gates.json."""
    training, validation = read_samples(samples)
    learner = _list_held_out(folder / "run", preset)
    results: dict[str, Any] = {
        "unseen sites": {
            "wanted": WANTED,
            "learnt from": _count_results(training),
            "held back": _count_results(validation),
        },
    }
    results["unseen sites"]["bf16"] = evaluate(learner, validation)
    learner.quantized = True
    results["unseen sites"]["int4"] = evaluate(learner, validation)
    results["unseen sites"]["by collection"] = measure_by_collection(learner, validation)
    results["picture"] = measure_picture_gain(learner, validation)
    results["changes"] = count_changes(learner, validation)
    results["free running"] = measure_free_running(folder / "facts.jsonl", samples, checkpoint)
    results["overfit"] = measure_overfit(training, folder / "run" / "files", minutes)
    text = json.dumps(results, indent=2)
    (folder / "gates.json").write_text(text + "\n", "utf-8")
    return text


def _count_results(samples: list[Sample]) -> dict[str, int]:
    return {
        "sites": len({s.site for s in samples}),
        "questions": len(samples),
        "labels": sum(len(s.labels) for s in samples),
    }


def measure_by_collection(learner: Learner, samples: list[Sample]) -> dict[str, Any]:
    """Return the same shares for each collection of pages, which have different authors."""
    parts: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        parts[sample.site.split("/")[0]].append(sample)
    return {
        name: evaluate(learner, part) for name, part in sorted(parts.items()) if len(part) >= 10
    }


def count_changes(learner: Learner, samples: list[Sample]) -> dict[str, list[int]]:
    """Return where the model differs from the rules.

    "rules > model" → how often, how often the model is right, how often the rules are.
    """
    out: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for batch in make_batches(samples, 24_000, random.Random(0)):
        best, _ = learner.guesses(pad_batch(batch))
        for said, (_, kind, guess, _, _) in zip(
            best, (label for s in batch for label in s.labels), strict=True
        ):
            if said != guess:
                row = out[f"{KINDS[guess]} > {KINDS[said]}"]
                row[0] += 1
                row[1] += int(said == kind)
                row[2] += int(guess == kind)
    return dict(sorted(out.items(), key=lambda item: -item[1][0]))


def measure_picture_gain(learner: Learner, samples: list[Sample]) -> dict[str, Any]:
    """Return loss and share right of the nodes with pictures: as they are, and all gray.

    The loss is in nats a label.
    """
    out: dict[str, list[tuple[bool, float, int]]] = {"seen": [], "blank": []}
    for batch in make_batches(samples, 24_000, random.Random(0)):
        side = pad_batch(batch)
        bits = [bits for sample in batch for *_, bits in sample.labels]
        kinds = side.labels[:, 2].tolist()
        for name, looks in (("seen", side.looks), ("blank", torch.full_like(side.looks, GRAY))):
            best, nats = learner.guesses(replace(side, looks=looks))
            rows = zip(best, nats, kinds, bits, strict=True)
            out[name] += [
                (said == kind, loss, kind) for said, loss, kind, may in rows if may & LOOKED_AT
            ]
    return {
        name: {
            "labels": len(rows),
            "nats": round(sum(loss for _, loss, _ in rows) / max(1, len(rows)), 4),
            "right": round(sum(hit for hit, _, _ in rows) / max(1, len(rows)), 4),
            "by kind": _measure_by_kind(rows),
        }
        for name, rows in out.items()
    }


def _measure_by_kind(rows: list[tuple[bool, float, int]]) -> dict[str, list[float]]:
    """Return kind → number of labels, share right, nats a label."""
    by_kind: dict[str, list[float]] = {}
    for kind in sorted({kind for _, _, kind in rows}):
        own_rows = [(hit, loss) for hit, loss, other in rows if other == kind]
        hits, nats = (sum(part) / len(own_rows) for part in zip(*own_rows, strict=True))
        by_kind[KINDS[kind]] = [len(own_rows), round(hits, 4), round(nats, 4)]
    return by_kind


def _list_held_out(run: Path, preset: str) -> Learner:
    write_files(run / "files", preset)
    learner = Learner(read_config(run / "files"), seed=0)
    learner.load_state_dict(
        torch.load(run / "last.pt", map_location="cpu", weights_only=True)["learner"]
    )
    return learner


def measure_overfit(training: list[Sample], files: Path, minutes: float) -> dict[str, float]:
    """Train a fresh model on few questions for at most `minutes`.

    Returns the share of them that it then answers without a mistake.
    """
    shorter_half = sorted(training, key=lambda s: len(s.tokens))[: len(training) // 2]
    few = random.Random(0).sample(shorter_half, OVERFIT)
    learner = Learner(read_config(files), seed=1)
    rng = random.Random(1)
    learner.table.left_out = 0.0
    optimizers = make_optimizers(learner, 3e-3)
    started = time.monotonic()
    steps = 0
    share = 0.0
    while time.monotonic() - started < 60 * minutes and share < EXACT:
        for batch in make_batches(few, 6_000, rng):
            learn_batch(learner, optimizers, batch)
            steps += 1
        share = measure_exact(learner, few)
    spent = round((time.monotonic() - started) / 60, 1)
    return {"exact": round(share, 4), "wanted": EXACT, "steps": steps, "minutes": spent}


def measure_exact(learner: Learner, samples: list[Sample]) -> float:
    """Return the share of questions whose labels are all right."""
    right = 0
    for batch in make_batches(samples, 24_000, random.Random(0)):
        best, _ = learner.guesses(pad_batch(batch))
        guesses = iter(best)
        for sample in batch:
            hits = [next(guesses) == kind for _, kind, *_ in sample.labels]
            right += int(all(hits))
    return right / len(samples)


def measure_free_running(facts: Path, samples: Path, checkpoint: Path) -> dict[str, float]:
    """Walk whole unseen pages with the engine itself.

    Returns whether answers parse, whether every line is there once, and the share of labels that are
    right.
    """
    from inference.client.local import LocalClient
    from studio.pipeline.labelling.training.unseen_pages import label_unseen_pages, map_kinds

    client, count = LocalClient(str(checkpoint)), Counter[str]()
    for page in label_unseen_pages(facts, samples, PAGES):
        started = time.monotonic()
        after = page.walked(client)
        count["milliseconds"] += round(1000 * (time.monotonic() - started))
        count["pages"] += 1
        if after is None:
            continue
        count["parsed"] += 1
        lines = [[n.text for n in tree.walk() if n.flow == "text"] for tree in (page.tree, after)]
        count["whole"] += lines[0] == lines[1]
        rules, model = map_kinds(page.tree), map_kinds(after)
        count["labels"] += len(page.author)
        count["right"] += sum(model[node] == kind for node, kind in page.author.items())
        count["rules right"] += sum(rules[node] == kind for node, kind in page.author.items())
    total = max(1, count["labels"])
    return {
        "pages": count["pages"],
        "seconds a page": round(count["milliseconds"] / 1000 / max(1, count["pages"]), 3),
        "parsed": count["parsed"] / max(1, count["pages"]),
        "every line once": count["whole"] / max(1, count["pages"]),
        "labels": count["labels"],
        "right": round(count["right"] / total, 4),
        "rules right": round(count["rules right"] / total, 4),
    }
