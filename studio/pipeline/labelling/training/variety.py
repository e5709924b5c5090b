"""How results depend on the number of designs and authors.

The same short training is run on part of the clusters, and without one collection.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from inference.checkpoint.config import read_config
from studio.pipeline.labelling.training.dataset import Sample, make_batches, read_samples
from studio.pipeline.labelling.training.learner import Learner
from studio.pipeline.labelling.training.train import (
    compute_learning_rate,
    evaluate,
    learn_batch,
    make_optimizers,
)

SHARES = (0.25, 0.5, 1.0)
RATE, TOKENS = 4e-3, 5_000  # learning rate, tokens per step


def measure_variety(samples: Path, files: Path, minutes: float) -> dict[str, Any]:
    """Return the shares right on held-out sites by number of training sites, `minutes` of CPU each.

    It also holds the share on the collection with the most sites after a training without it.
    """
    training, validation = read_samples(samples)
    sites = sorted({sample.site for sample in training})
    random.Random(0).shuffle(sites)
    results: dict[str, Any] = {}
    for share in SHARES:
        seen = set(sites[: round(share * len(sites))])
        results[f"{len(seen)} sites"] = _train_shortly(
            [s for s in training if s.site in seen], validation, files, minutes
        )
    author = Counter(site.split("/")[0] for site in sites).most_common(1)[0][0]
    ours = [s for s in training if s.site.split("/")[0] != author]
    theirs = [s for s in training if s.site.split("/")[0] == author]
    held = [s for s in validation if s.site.split("/")[0] == author]
    results[f"never saw {author}"] = _train_shortly(ours, [*theirs, *held], files, minutes)
    return results


def _train_shortly(
    training: Sequence[Sample], validation: Sequence[Sample], files: Path, minutes: float
) -> dict[str, float]:
    learner = Learner(read_config(files), seed=0)
    rng = random.Random(0)
    optimizers = make_optimizers(learner, RATE)
    started = time.process_time()
    done = 0.0
    while done < 1:
        for batch in make_batches(training, TOKENS, rng):
            done = (time.process_time() - started) / (60 * minutes)
            if done >= 1:
                break
            for group in (group for optimizer in optimizers for group in optimizer.param_groups):
                group["lr"] = RATE * compute_learning_rate(done)
            learn_batch(learner, optimizers, batch)
    return evaluate(learner, validation)
