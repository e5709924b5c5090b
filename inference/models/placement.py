"""Which routed experts are placed on a GPU: those of the first layers that fit into a budget.

The others stay in CPU memory, mapped from their files, and are computed there (see `Moe`): it is
cheaper to copy a few rows of activations than gigabytes of weights. Weights that every token needs
are always on the GPU.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from inference.checkpoint.config import INT4_GROUP, TextConfig

BF16_BYTES = 2
EXPERT = re.compile(r"language_model\.model\.layers\.(\d+)\.mlp\.experts\..*")


def count_layer_bytes(text: TextConfig, *, packed: bool) -> int:
    """Return the bytes of one layer's routed experts: 9.5 GB for K2.6, packed."""
    weights = 3 * text.hidden_size * text.moe_intermediate_size * text.n_routed_experts
    if not packed:
        return BF16_BYTES * weights
    return weights // 2 + BF16_BYTES * weights // INT4_GROUP


def make_placement(
    text: TextConfig, device: str, budget: int | None, *, packed: bool
) -> Callable[[str], str]:
    """Return a function from a tensor's name to its device.

    `budget`: bytes for routed experts on `device`; None places all of them there.
    """
    if device == "cpu" or budget is None:
        return lambda name: device
    layers_in_budget = budget // count_layer_bytes(text, packed=packed)
    first_cpu_layer = text.first_k_dense_replace + layers_in_budget

    def choose_device(name: str) -> str:
        expert = EXPERT.fullmatch(name)
        if expert and int(expert[1]) >= first_cpu_layer:
            return "cpu"
        return device

    return choose_device
