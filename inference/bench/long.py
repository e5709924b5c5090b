"""A long context: a prompt in pieces, how much memory that takes, and that pieces change no number.

The control is a short prompt: once through the engine in pieces, once as one whole pass of the
model.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np
import torch
from torch import Tensor

from inference.bench.memory import forget_peak, read_peak, read_resident
from inference.engine.batch import Model
from inference.engine.engine import Engine
from inference.engine.logits import compute_logits
from inference.engine.scheduler import Limits
from inference.engine.sequence import Request, Sampling

BLOCK, STEP, CONTROL = 64, 512, 2048


def measure_long_context(model: Model, tokens: int) -> dict[str, Any]:
    """What `--long` reports; the first token of an answer to `tokens` tokens is computed, all of
    them in one cache.
    """
    text = model.config.text
    draw = np.random.default_rng(0).integers(0, text.vocab_size - 256, tokens).tolist()
    control = draw[: min(CONTROL, tokens)]
    in_pieces, _ = _compute_last_logits(model, control)
    whole = compute_logits(model, torch.tensor(control))[-1]
    forget_peak()
    before = read_resident()
    since, cpu = time.perf_counter(), time.process_time()
    last, cache = _compute_last_logits(model, draw)
    return {
        "tokens": tokens,
        "step_tokens": STEP,
        "tokens_per_s": tokens / (time.perf_counter() - since),
        "tokens_per_cpu_s": tokens / (time.process_time() - cpu),
        "cache_bytes_per_token": cache.nbytes / (cache.shape[1] * cache.shape[2]),
        "cache_bytes_per_token_by_formula": text.num_hidden_layers
        * text.latent_size
        * cache.element_size(),
        "cache_bytes": cache.nbytes,
        "memory_grown_bytes": read_peak() - before,
        "last_logits_finite": bool(torch.isfinite(last).all()),
        "control_tokens": len(control),
        "control_equal": bool(torch.equal(in_pieces, whole)),
        "control_off": float((in_pieces - whole).abs().max()),
    }


def _compute_last_logits(model: Model, tokens: list[int]) -> tuple[Tensor, Tensor]:
    """(logits after the prompt, the cache), the prompt in pieces of STEP tokens."""
    engine = Engine(
        model, None, Limits(-(-(len(tokens) + 1) // BLOCK), BLOCK, step_tokens=STEP, guess_up_to=0)
    )
    kept: list[Tensor] = []
    compute = engine.runner.run

    def run(pieces: Any) -> Tensor:
        logits = compute(pieces)
        kept[:] = [logits[-1].clone()] if len(logits) else []
        _show_progress(pieces[0].sequence.computed, len(tokens))
        return logits

    engine.runner.run = run  # type: ignore[method-assign]
    engine.add(Request(tuple(tokens), sampling=Sampling(temperature=0.0), max_tokens=1))
    while engine.sequences:
        engine.step()
    engine.check_integrity()
    return kept[0], engine.runner.cache


def _show_progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{done:,} of {of:,} tokens …", end="", file=sys.stderr, flush=True)
