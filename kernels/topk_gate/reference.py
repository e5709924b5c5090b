"""Reference of `topk_gate`, DeepSeek-V3's router in float32.

Experts are chosen by sigmoid scores plus a bias; their weights are the scores without the bias.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def topk_gate(
    x: Tensor,
    weight: Tensor,
    bias: Tensor,
    *,
    top_k: int,
    groups: int,
    top_groups: int,
    normalize: bool,
    factor: float,
) -> tuple[Tensor, Tensor]:
    scores = F.linear(x.float(), weight.float()).sigmoid()
    choice = scores + bias.float()
    if top_groups < groups:
        grouped = torch.unflatten(choice, -1, (groups, -1))
        best = grouped.topk(2, dim=-1).values.sum(-1).topk(top_groups, dim=-1).indices
        excluded = torch.ones_like(grouped[..., 0], dtype=torch.bool).scatter(-1, best, False)
        choice = grouped.masked_fill(excluded.unsqueeze(-1), -torch.inf).flatten(-2)
    indices = choice.topk(top_k, dim=-1).indices
    weights = scores.gather(-1, indices)
    if normalize:
        weights = weights / (weights.sum(-1, keepdim=True) + 1e-20)
    return indices, weights * factor
