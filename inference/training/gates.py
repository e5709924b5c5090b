"""The gates a trained model must pass before it is believed, each measured, none timed out silently."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import torch

from inference.config import read_config
from inference.training.dataset import Sample, batches, clusters, is_validation, read_samples, site_of
from inference.training.learner import Learner
from inference.training.presets import write_files
from inference.training.train import evaluate, learn, make_optimizers

OVERFIT = 200  # questions
EXACT = 0.95
PAGES = 40  # unseen pages that are walked freely
WANTED = {"text": 0.83, "box": 0.87, "group": 0.80}


def report(samples: Path, folder: Path, checkpoint: Path, preset: str, minutes: float) -> str:
    """Runs every gate; what each measured as JSON, also in `folder`/gates.json."""
    training, validation = read_samples(samples)
    held = _held(folder / "run", preset)
    found: dict[str, Any] = {
        "overfit": overfit(training, folder / "files", minutes),
        "picture": "not reached: the model reads the tree in words and has no vision tower",
        "unseen sites": {"wanted": WANTED, "bf16": evaluate(held, validation)},
        "free running": free_running(folder / "facts.jsonl", checkpoint),
    }
    held.quantized = True
    found["unseen sites"]["int4"] = evaluate(held, validation)
    text = json.dumps(found, indent=2)
    (folder / "gates.json").write_text(text + "\n", "utf-8")
    return text


def _held(run: Path, preset: str) -> Learner:
    write_files(run / "files", preset)
    learner = Learner(read_config(run / "files"), seed=0)
    learner.load_state_dict(torch.load(run / "last.pt", map_location="cpu", weights_only=True)["learner"])
    return learner


def overfit(training: list[Sample], files: Path, minutes: float) -> dict[str, float]:
    """A fresh model on few questions for as long as `minutes`: the share of them it then answers without a mistake."""
    few = random.Random(0).sample(sorted(training, key=lambda s: len(s.tokens))[: len(training) // 2], OVERFIT)
    learner, rng = Learner(read_config(files), seed=1), random.Random(1)
    optimizers, begun, steps, share = make_optimizers(learner, 3e-3), time.monotonic(), 0, 0.0
    while time.monotonic() - begun < 60 * minutes and share < EXACT:
        for batch in batches(few, 6_000, rng):
            learn(learner, optimizers, batch)
            steps += 1
        share = exact(learner, few)
    spent = round((time.monotonic() - begun) / 60, 1)
    return {"exact": round(share, 4), "wanted": EXACT, "steps": steps, "minutes": spent}


def exact(learner: Learner, samples: list[Sample]) -> float:
    """The share of questions of which every label is right."""
    from inference.training.dataset import padded

    right = 0
    for batch in batches(samples, 24_000, random.Random(0)):
        best, _ = learner.guesses(*padded(batch))
        right += sum(all(row[at] == s.tokens[at] for at in s.learnt) for row, s in zip(best, batch, strict=True))
    return right / len(samples)


def free_running(facts: Path, checkpoint: Path) -> dict[str, float]:
    """Whole unseen pages walked by the engine itself: do answers parse, is every line there once, are labels right?"""
    from inference.client.local import LocalClient
    from inference.task.bundle import Bundle
    from inference.task.draft import Draft
    from inference.task.rules import label_tree
    from inference.task.tree import build_tree
    from inference.task.walk import steps_of
    from inference.task.walk.ask import walked
    from inference.task.walk.question import guess_of
    from inference.training.harvest import read_facts
    from inference.training.labels import Author, answers
    from inference.training.pages import see

    pages = list(read_facts(facts))
    groups = clusters(pages)
    held = [fact for fact in pages if is_validation(groups[site_of(fact["path"])])]
    client, count = LocalClient(str(checkpoint)), Counter[str]()
    for fact in random.Random(2).sample(held, min(PAGES, len(held))):
        seen = see(fact, random.Random(0))
        tree = label_tree(build_tree(seen.hints))
        last = [item for item in walked(Draft(Bundle({}), tree), client) if isinstance(item, Draft)]
        count["pages"] += 1
        count["parsed"] += len(last)
        if not last:
            continue
        before, after = ([n.text for n in t.walk() if n.flow == "text"] for t in (tree, last[0].tree))
        count["whole"] += before == after
        now = {node.id: guess_of(node) for node in last[0].tree.walk()}
        for steps in steps_of(tree):
            for place, (said, known) in zip(steps, answers(Author(seen), steps), strict=True):
                if known and len(place.kinds) > 1:
                    count["labels"] += 1
                    count["right"] += now[place.node.id] == said.kind
                    count["rules right"] += guess_of(place.node) == said.kind
    total = max(1, count["labels"])
    return {
        "pages": count["pages"], "parsed": count["parsed"] / max(1, count["pages"]),
        "every line once": count["whole"] / max(1, count["pages"]), "labels": count["labels"],
        "right": round(count["right"] / total, 4), "rules right": round(count["rules right"] / total, 4),
    }  # fmt: skip
