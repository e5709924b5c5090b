"""Measurement of our engine and llama.cpp: prompts, then rounds of a few steps, alternating."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch

from inference.bench.builds import Build
from inference.bench.clock import Clock
from inference.bench.gguf_file import write_gguf
from inference.bench.memory import read_peak, read_resident, reset_peak
from inference.bench.ours import Ours
from inference.bench.peer import Peer
from inference.bench.traffic import read_bandwidth, step_bytes
from inference.chat.tokenizer import SPECIALS_COUNT
from inference.checkpoint.json_fields import CheckpointError
from inference.checkpoint.load import load
from inference.engine.batch import Model
from inference.engine.service import load_for_cpu
from kernels.dispatch import KernelChoice, Wish

ROUNDS = 9
STEPS = 16  # decoding steps in a round
PROMPT_TOKENS = 8192  # in one case; short prompts are repeated up to ROUNDS times

Row = dict[str, Any]


def measure(
    folder: Path,
    kernels: Wish,
    batches: list[int],
    contexts: list[int],
    peer: Build | None,
    core: int | None,
    clock: Clock,
) -> tuple[dict[str, Any], Model]:
    """Return the report that `--json` prints, and the measured model. Raises CheckpointError."""
    torch.set_num_threads(1)
    with ExitStack() as stack:
        model, choice, memory = _load_model(folder, kernels)
        gguf = None
        if peer is not None:
            gguf = Path(stack.enter_context(TemporaryDirectory())) / "peer.gguf"
            write_gguf(load(folder), gguf)
        text = model.config.text
        longest = text.max_position_embeddings - (ROUNDS + 1) * STEPS - 1
        if max(contexts) > longest:
            raise CheckpointError(
                f"--context is {max(contexts)}; use at most {longest} with this checkpoint."
            )
        bandwidth = read_bandwidth(clock) if choice.compiled else None
        rows: list[Row] = []
        for batch in batches:
            for context in contexts:
                _show_progress(f"batch {batch}, context {context}")
                for row in _measure_case(model, batch, context, peer, gguf, clock):
                    if bandwidth and row["phase"] == "decode":
                        cache = torch.finfo(model.new_cache(1, 1).dtype).bits // 8
                        moved = step_bytes(text, batch, context, cache)
                        row |= {
                            "bytes_per_token": round(moved / batch),
                            "share_of_bandwidth": row["tokens_per_s"] / batch * moved / bandwidth,
                        }
                    rows.append(row)
    number = "" if core is None else f" (number {core})"
    report = {
        "checkpoint": str(folder),
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": f"{_name_processor()}, one core{number}",
        "clock": clock,
        "kernels": choice.why,
        "peer": peer.about if peer else None,
        "memory_bytes_per_s": bandwidth,
        "memory": memory,
        "rows": rows,
    }
    return report, model


def _load_model(folder: Path, kernels: Wish) -> tuple[Model, KernelChoice, dict[str, float]]:
    """Return the model and the memory that loading took, without that of the libraries."""
    import_module("inference.models.compiled" if find_spec("numba") else "inference.models.kimi")
    reset_peak()
    before = read_resident()
    model, choice = load_for_cpu(folder, kernels)
    size = sum(file.stat().st_size for file in folder.glob("*.safetensors"))
    peak = read_peak() - before
    memory = {
        "checkpoint_bytes": size,
        "libraries_bytes": before,
        "peak_of_loading_bytes": peak,
        "peak_to_checkpoint": peak / size,
        "resident_after_bytes": read_resident() - before,
    }
    return model, choice, memory


def _measure_case(
    model: Model, batch: int, context: int, build: Build | None, gguf: Path | None, clock: Clock
) -> Iterator[Row]:
    room = context + (ROUNDS + 1) * STEPS + 1
    ours = Ours(model, sequences=batch, context=room, clock=clock)
    with ExitStack() as stack:
        peer = None
        if build is not None and gguf is not None:
            peer = stack.enter_context(
                Peer(build.library, gguf, sequences=batch, context=room, clock=clock)
            )
        yield _make_row(
            "prefill",
            batch,
            context,
            *_measure_prefill(ours, peer, batch, context, model.config.text.vocab_size),
        )
        yield _make_row("decode", batch, context, *_measure_decode(ours, peer, batch))


def _measure_prefill(
    ours: Ours, peer: Peer | None, batch: int, context: int, vocab: int
) -> tuple[list[float], ...]:
    """Return (our tokens/s, the peer's tokens/s, seconds to each first token).

    The first two lists have an item for each round. Round -1 is a warm-up, left out for long
    prompts.
    """
    rates: list[float] = []
    peer_rates: list[float] = []
    first_tokens: list[float] = []
    tokens = batch * context
    for turn in range(-1, max(1, min(ROUNDS, PROMPT_TOKENS // tokens))):
        if turn < 0 and tokens > PROMPT_TOKENS:
            continue
        generator = np.random.default_rng(turn + 1)
        prompts = [
            generator.integers(0, vocab - SPECIALS_COUNT, context).tolist() for _ in range(batch)
        ]
        seconds = ours.fill(prompts)
        peer_seconds = peer.fill(prompts) if peer else None
        if turn >= 0:
            rates.append(tokens / max(seconds))
            first_tokens += seconds
            if peer_seconds:
                peer_rates.append(tokens / peer_seconds)
    return rates, peer_rates, first_tokens


def _measure_decode(ours: Ours, peer: Peer | None, batch: int) -> tuple[list[float], ...]:
    """Return (our tokens/s, the peer's tokens/s, seconds of each step); round -1 is a warm-up."""
    rates: list[float] = []
    peer_rates: list[float] = []
    steps: list[float] = []
    for turn in range(-1, ROUNDS):
        seconds = ours.decode(STEPS)
        peer_seconds = peer.decode(STEPS) if peer else None
        if turn >= 0:
            rates.append(batch * STEPS / sum(seconds))
            steps += seconds
            if peer_seconds:
                peer_rates.append(batch * STEPS / peer_seconds)
    return rates, peer_rates, steps


def _make_row(
    phase: str,
    batch: int,
    context: int,
    rates: list[float],
    peer_rates: list[float],
    seconds: list[float],
) -> Row:
    row: Row = {"phase": phase, "batch": batch, "context": context, "tokens_per_s": median(rates)}
    if peer_rates:
        row["peer_tokens_per_s"] = median(peer_rates)
        # The ratio of each round, in which both had the same noise.
        row["ratio"] = median(our / peer for our, peer in zip(rates, peer_rates, strict=True))
    if phase == "prefill":
        return row | {"ttft_ms": 1000 * median(seconds)}
    p50, p99 = np.quantile(seconds, (0.5, 0.99))
    return row | {"inter_token_p50_ms": 1000 * float(p50), "inter_token_p99_ms": 1000 * float(p99)}


def _name_processor() -> str:
    try:
        about = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [
        line.partition(":")[2].strip()
        for line in about.splitlines()
        if line.startswith("model name")
    ]
    return names[0] if names else platform.machine()


def _show_progress(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{what} …", end="", file=sys.stderr, flush=True)
