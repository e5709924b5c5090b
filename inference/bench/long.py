"""A benchmark of a long, chunked prompt: speed, memory, and equality with an unchunked one.

Equality is checked with a short control prompt, computed in chunks by the engine and in one pass of
the model.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np
import torch
from torch import Tensor

from inference.bench.memory import read_peak, read_resident, reset_peak
from inference.chat.tokenizer import SPECIALS_COUNT
from inference.engine.batch import Model
from inference.engine.engine import Engine
from inference.engine.logits import compute_logits
from inference.engine.scheduler import Limits
from inference.engine.sequence import Request, Sampling

BLOCK = 64  # tokens in a block
STEP = 512  # tokens in a step
CONTROL = 2048  # tokens in the control prompt


def measure_long_context(model: Model, tokens: int) -> dict[str, Any]:
    """Return the report of `--long`: the first token after a random prompt of `tokens` tokens."""
    text = model.config.text
    generator = np.random.default_rng(0)
    prompt = generator.integers(0, text.vocab_size - SPECIALS_COUNT, tokens).tolist()
    control = prompt[: min(CONTROL, tokens)]
    chunked, _ = _compute_last_logits(model, control)
    whole = compute_logits(model, torch.tensor(control))[-1]
    reset_peak()
    before = read_resident()
    since, cpu = time.perf_counter(), time.process_time()
    last, cache = _compute_last_logits(model, prompt)
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
        "control_equal": bool(torch.equal(chunked, whole)),
        "control_off": float((chunked - whole).abs().max()),
    }


def _compute_last_logits(model: Model, tokens: list[int]) -> tuple[Tensor, Tensor]:
    """Return (logits after the prompt, the cache), computed in chunks of STEP tokens."""
    blocks = -(-(len(tokens) + 1) // BLOCK)
    engine = Engine(model, None, Limits(blocks, BLOCK, step_tokens=STEP, guess_up_to=0))
    last: list[Tensor] = []
    compute = engine.runner.run

    def run(chunks: Any) -> Tensor:
        logits = compute(chunks)
        last[:] = [logits[-1].clone()] if len(logits) else []
        _show_progress(chunks[0].sequence.computed, len(tokens))
        return logits

    engine.runner.run = run  # type: ignore[method-assign]
    engine.add(Request(tuple(tokens), sampling=Sampling(temperature=0.0), max_tokens=1))
    while engine.sequences:
        engine.step()
    engine.check_integrity()
    return last[0], engine.runner.cache


def _show_progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{done:,} of {total:,} tokens …", end="", file=sys.stderr, flush=True)
