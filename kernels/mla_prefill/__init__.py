"""Expanded latent attention, for many new tokens of a sequence."""

from __future__ import annotations

from torch import Tensor

from kernels.dispatch import uses_triton
from kernels.mla_prefill import tiled
from kernels.shapes import check_shapes


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
    """Return causal attention [tokens, heads, v] with keys and values expanded from the latents.

    q_nope [tokens, heads, nope], q_rope [tokens, heads, rope]. cache [blocks, block_size, rank +
    rope] already has the latents of these tokens. kv_b [heads, nope + v, rank] has a head's key
    rows, then its value rows. query_start [sequences + 1], context [sequences] and block_table
    [sequences, max_blocks] are as in `inference.engine.batch`. `scale` multiplies the scores.
    Raises ValueError for other shapes.
    """
    sizes = check_shapes(
        q_nope=(q_nope, ("tokens", "heads", "nope")),
        q_rope=(q_rope, ("tokens", "heads", "rope")),
        kv_b=(kv_b, ("heads", "nope + v", "rank")),
        context=(context, ("sequences",)),
        block_table=(block_table, ("sequences", "max_blocks")),
    )
    check_shapes(
        cache=(cache, ("blocks", "block_size", sizes["rank"] + sizes["rope"])),
        query_start=(query_start, (sizes["sequences"] + 1,)),
    )
    if uses_triton(q_nope, q_rope, cache, kv_b):
        from kernels.mla_prefill import gpu

        return gpu.mla_prefill(
            q_nope, q_rope, cache, kv_b, query_start, context, block_table, scale
        )
    return tiled.mla_prefill(q_nope, q_rope, cache, kv_b, query_start, context, block_table, scale)
