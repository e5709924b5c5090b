"""The error of the compiled path by number of layers: KL and top-1 over some prompts.

The results are upper bounds. With random weights all logits are similar and the router's choices
depend on the last digit; a trained model has clearer choices.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from inference.chat.tokenizer import SPECIALS_COUNT
from inference.checkpoint.load import load
from inference.engine.logits import compute_logits
from inference.models.compiled import Compiled
from inference.models.kimi import Kimi

PROMPTS = 4
TOKENS = 64  # in a prompt


def measure_layers(folder: Path) -> list[dict[str, Any]]:
    """Return a row for 1, 2, 4 … and all layers, followed by the head. Raises CheckpointError."""
    layers = load(folder).config.text.num_hidden_layers
    counts = [count for count in (1, 2, 4, 8, 16, 32) if count < layers]
    return [_measure_layer_count(folder, count) for count in (*counts, layers)]


def _measure_layer_count(folder: Path, layers: int) -> dict[str, Any]:
    exact = _keep_layers(load(folder), layers)
    compiled = Compiled(_keep_layers(load(folder), layers))
    vocab = exact.config.text.vocab_size
    divergences = []
    agreements = []
    errors = []
    for seed in range(PROMPTS):
        generator = torch.Generator().manual_seed(seed)
        ids = torch.randint(0, vocab - SPECIALS_COUNT, (TOKENS,), generator=generator)
        expected = compute_logits(exact, ids)
        actual = compute_logits(compiled, ids)
        divergences.append(compute_divergence(expected, actual))
        agreements.append((expected.argmax(-1) == actual.argmax(-1)).float().mean())
        errors.append((actual - expected).norm() / expected.norm())
    return {
        "layers": layers,
        "kl": float(torch.stack(divergences).mean()),
        "top1": float(torch.stack(agreements).mean()),
        "relative_error": float(torch.stack(errors).mean()),
    }


def compute_divergence(expected: Tensor, actual: Tensor) -> Tensor:
    """Return the mean KL divergence of rows of logits [rows, vocab], in nats."""
    exact = expected.log_softmax(-1)
    other = actual.log_softmax(-1)
    return (exact.exp() * (exact - other)).sum(-1).mean()


def _keep_layers(kimi: Kimi, layers: int) -> Kimi:
    """Return the model with only its first `layers` layers."""
    decoder = kimi.language_model.model
    kimi.config = replace(kimi.config, text=replace(kimi.config.text, num_hidden_layers=layers))
    decoder.layers = nn.ModuleList(list(decoder.layers)[:layers])
    return kimi
