"""Reference of `mla_prefill`: each cached latent becomes a key and a value for each head.

The softmax is float32.
"""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.tiles import list_pieces


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
    nope, rank = q_nope.shape[-1], kv_b.shape[-1]
    out = q_nope.new_empty((*q_nope.shape[:2], kv_b.shape[1] - nope))
    for i, first, last, length in list_pieces(query_start, context):
        blocks = block_table[i, : -(-length // cache.shape[1])].long()
        rows = cache[blocks].flatten(0, 1)[:length].to(q_nope.dtype)
        latent, k_rope = rows.tensor_split((rank,), dim=-1)
        expanded = torch.einsum("tr,hdr->htd", latent, kv_b)
        keys, values = expanded.tensor_split((nope,), dim=-1)
        scores = torch.einsum("qhd,htd->hqt", q_nope[first:last], keys)
        scores = scores + torch.einsum("qhd,td->hqt", q_rope[first:last], k_rope)
        row, key = torch.arange(length - (last - first), length)[:, None], torch.arange(length)
        scaled = scores.float() * scale
        weights = scaled.masked_fill((key > row).to(scores.device), -torch.inf).softmax(-1)
        out[first:last] = torch.einsum("hqt,htd->qhd", weights.to(values.dtype), values)
    return out
