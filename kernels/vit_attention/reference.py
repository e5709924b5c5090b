"""Reference of `vit_attention`: bidirectional attention within each item, softmax in float32."""

from __future__ import annotations

import torch
from torch import Tensor


def vit_attention(q: Tensor, k: Tensor, v: Tensor, starts: Tensor, scale: float) -> Tensor:
    out = torch.empty_like(q)
    bounds = starts.tolist()
    for first, last in zip(bounds, bounds[1:], strict=False):
        item = slice(first, last)
        scores = torch.einsum("qhd,khd->hqk", q[item], k[item]).float() * scale
        out[item] = torch.einsum("hqk,khd->qhd", scores.softmax(-1).to(v.dtype), v[item])
    return out
