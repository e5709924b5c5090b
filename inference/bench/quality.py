"""How far the compiled path is from the exact one, by how many layers there are: KL and top-1 over
some prompts.

With random weights every logit is nearly as good as the next and the router's choices turn on the
last digit, so these are upper bounds: a trained model is more decided.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from inference.checkpoint.load import load
from inference.engine.logits import compute_logits
from inference.models.compiled import Compiled
from inference.models.kimi import Kimi

PROMPTS, TOKENS = 4, 64


def measure_layers(folder: Path) -> list[dict[str, Any]]:
    """A row for 1, 2, 4 … and all layers, with the model's own head on what they say. Raises
    CheckpointError.
    """
    layers = load(folder).config.text.num_hidden_layers
    counts = [count for count in (1, 2, 4, 8, 16, 32) if count < layers]
    return [_measure_layer_count(folder, count) for count in (*counts, layers)]


def _measure_layer_count(folder: Path, layers: int) -> dict[str, Any]:
    exact, fast = _cut(load(folder), layers), Compiled(_cut(load(folder), layers))
    vocab = exact.config.text.vocab_size
    kl, top, off = [], [], []
    for seed in range(PROMPTS):
        ids = torch.randint(
            0, vocab - 256, (TOKENS,), generator=torch.Generator().manual_seed(seed)
        )
        wanted, got = compute_logits(exact, ids), compute_logits(fast, ids)
        kl.append(compute_divergence(wanted, got))
        top.append((wanted.argmax(-1) == got.argmax(-1)).float().mean())
        off.append((got - wanted).norm() / wanted.norm())
    return {
        "layers": layers,
        "kl": float(torch.stack(kl).mean()),
        "top1": float(torch.stack(top).mean()),
        "relative_error": float(torch.stack(off).mean()),
    }


def compute_divergence(wanted: Tensor, got: Tensor) -> Tensor:
    """Mean KL of rows of logits [rows, vocab], in nats."""
    exact, other = wanted.log_softmax(-1), got.log_softmax(-1)
    return (exact.exp() * (exact - other)).sum(-1).mean()


def _cut(kimi: Kimi, layers: int) -> Kimi:
    decoder = kimi.language_model.model
    kimi.config = replace(kimi.config, text=replace(kimi.config.text, num_hidden_layers=layers))
    decoder.layers = nn.ModuleList(list(decoder.layers)[:layers])
    return kimi
