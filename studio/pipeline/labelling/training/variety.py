"""How far designs, and authors, carry: the same short training on part of the clusters, and without
one collection.
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
RATE, TOKENS = 4e-3, 5_000


def measure_variety(samples: Path, files: Path, minutes: float) -> dict[str, Any]:
    """Shares right on the sites held back, by how many sites were learnt from, `minutes` of the CPU
    each; and on the collection with the most sites after a training that saw none of it.
    """
    training, validation = read_samples(samples)
    sites = sorted({sample.site for sample in training})
    random.Random(0).shuffle(sites)
    out: dict[str, Any] = {}
    for share in SHARES:
        seen = set(sites[: round(share * len(sites))])
        out[f"{len(seen)} sites"] = _train_shortly(
            [s for s in training if s.site in seen], validation, files, minutes
        )
    author = Counter(site.split("/")[0] for site in sites).most_common(1)[0][0]
    ours, theirs = (
        [s for s in training if (s.site.split("/")[0] == author) == theirs]
        for theirs in (False, True)
    )
    held = [s for s in validation if s.site.split("/")[0] == author]
    out[f"never saw {author}"] = _train_shortly(ours, [*theirs, *held], files, minutes)
    return out


def _train_shortly(
    training: Sequence[Sample], validation: Sequence[Sample], files: Path, minutes: float
) -> dict[str, float]:
    learner, rng = Learner(read_config(files), seed=0), random.Random(0)
    optimizers, begun, done = make_optimizers(learner, RATE), time.process_time(), 0.0
    while done < 1:
        for batch in make_batches(training, TOKENS, rng):
            done = (time.process_time() - begun) / (60 * minutes)
            if done >= 1:
                break
            for group in (group for optimizer in optimizers for group in optimizer.param_groups):
                group["lr"] = RATE * compute_learning_rate(done)
            learn_batch(learner, optimizers, batch)
    return evaluate(learner, validation)
