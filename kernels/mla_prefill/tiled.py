"""Expanded latent attention in torch, one tile of the context at a time.

All keys and values of 256k tokens together would need gigabytes.
"""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.tiles import attend, list_pieces


def mla_prefill(
    q_nope: Tensor,
    q_rope: Tensor,
    cache: Tensor,
    kv_b: Tensor,
    query_start: Tensor,
    context: Tensor,
    block_table: Tensor,
    scale: float,
) -> Tensor:
    heads, expanded, rank = kv_b.shape
    nope = q_nope.shape[-1]
    q = torch.cat((q_nope, q_rope), dim=-1).transpose(0, 1)
    flat = kv_b.flatten(0, 1).mT

    def expand(tile: Tensor) -> tuple[Tensor, Tensor]:
        both = (tile[:, :rank] @ flat).view(-1, heads, expanded).transpose(0, 1)
        shared = tile[:, rank:].expand(heads, -1, -1)
        return torch.cat((both[..., :nope], shared), dim=-1), both[..., nope:]

    out = q_nope.new_empty((*q_nope.shape[:2], expanded - nope))
    for i, first, last, length in list_pieces(query_start, context):
        o = attend(q[:, first:last], cache, block_table[i], length, scale, expand, expanded - nope)
        out[first:last] = o.transpose(0, 1).to(out.dtype)
    return out
