"""Absorbed latent attention in torch, one tile of the context at a time."""

from __future__ import annotations

from torch import Tensor

from kernels.tiles import attend, list_pieces


def mla_decode(
    q: Tensor,
    cache: Tensor,
    query_start: Tensor,
    context: Tensor,
    block_table: Tensor,
    scale: float,
    rank: int,
) -> Tensor:
    turned = q.transpose(0, 1)
    out = q.new_empty((*q.shape[:2], rank))
    for i, first, last, length in list_pieces(query_start, context):
        o = attend(
            turned[:, first:last],
            cache,
            block_table[i],
            length,
            scale,
            lambda t: (t, t[:, :rank]),
            rank,
        )
        out[first:last] = o.transpose(0, 1).to(out.dtype)
    return out
