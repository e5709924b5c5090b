"""Reference of `draw`: sort all probabilities, keep the most likely ones, draw in order of ids."""

from __future__ import annotations

import torch
from torch import Tensor


def draw(
    logits: Tensor, temperature: Tensor, top_p: Tensor, min_p: Tensor, uniform: Tensor
) -> Tensor:
    below = (logits - logits.amax(-1, keepdim=True)).double() / temperature.double()[:, None]
    ordered, order = below.softmax(-1).sort(descending=True, stable=True)
    before = ordered.cumsum(-1) - ordered
    wide = (top_p >= 1)[:, None]
    held = (wide | (before < top_p[:, None])) & (ordered >= min_p[:, None] * ordered[:, :1])
    held[:, 0] = True
    kept = torch.zeros_like(ordered).scatter(-1, order, ordered * held)
    steps = kept.cumsum(-1)
    place = torch.searchsorted(steps, steps[:, -1:] * uniform.double()[:, None], right=True)
    last = kept.shape[1] - 1 - (kept.flip(-1) > 0).int().argmax(-1, keepdim=True)
    return torch.minimum(place, last).squeeze(-1)
