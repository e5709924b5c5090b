"""Reference of `mla_decode`: the cached latent is key and value of all heads."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.tiles import list_pieces


def mla_decode(
    q: Tensor,
    cache: Tensor,
    query_start: Tensor,
    context: Tensor,
    block_table: Tensor,
    scale: float,
    rank: int,
) -> Tensor:
    out = q.new_empty((*q.shape[:2], rank))
    for i, first, last, length in list_pieces(query_start, context):
        blocks = block_table[i, : -(-length // cache.shape[1])].long()
        latents = cache[blocks].flatten(0, 1)[:length].to(q.dtype)
        scores = torch.einsum("qhd,td->hqt", q[first:last], latents).float() * scale
        row, key = torch.arange(length - (last - first), length)[:, None], torch.arange(length)
        weights = scores.masked_fill((key > row).to(scores.device), -torch.inf).softmax(-1)
        out[first:last] = torch.einsum("hqt,td->qhd", weights.to(q.dtype), latents[:, :rank])
    return out
