"""Which routed experts live on a GPU: those of the first layers, as many layers as a budget has
room for.

The others stay in CPU memory, mapped from their files, and are computed there (see `Moe`): a few
rows of activations cross over instead of gigabytes of weights. All that every token needs is always
on the GPU.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from inference.checkpoint.config import INT4_GROUP, TextConfig

EXPERT = re.compile(r"language_model\.model\.layers\.(\d+)\.mlp\.experts\..*")


def count_layer_bytes(text: TextConfig, *, packed: bool) -> int:
    """Of one layer's routed experts: 9.5 GB for K2.6, packed."""
    weights = 3 * text.hidden_size * text.moe_intermediate_size * text.n_routed_experts
    return weights // 2 + 2 * weights // INT4_GROUP if packed else 2 * weights


def make_placement(
    text: TextConfig, device: str, budget: int | None, *, packed: bool
) -> Callable[[str], str]:
    """A tensor's name -> the device it belongs on; `budget` in bytes for routed experts, None: all
    that there are.
    """
    if device == "cpu" or budget is None:
        return lambda name: device
    first = text.first_k_dense_replace
    room = first + budget // count_layer_bytes(text, packed=packed)

    def home(name: str) -> str:
        found = EXPERT.fullmatch(name)
        return "cpu" if found and int(found[1]) >= room else device

    return home
