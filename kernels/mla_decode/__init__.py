"""Absorbed latent attention, for a few new tokens of each sequence."""

from __future__ import annotations

from torch import Tensor

from kernels.dispatch import uses_triton
from kernels.mla_decode import tiled
from kernels.shapes import check_shapes


def mla_decode(
    q: Tensor,
    cache: Tensor,
    query_start: Tensor,
    context: Tensor,
    block_table: Tensor,
    scale: float,
    rank: int,
) -> Tensor:
    """Return causal attention [tokens, heads, rank] with the cached latents as keys and values.

    The values are the first `rank` numbers of a latent. q [tokens, heads, rank + rope] is the query
    with the key rows of kv_b absorbed, then its rotated part. cache [blocks, block_size, rank +
    rope] already has the latents of these tokens. query_start [sequences + 1], context [sequences]
    and block_table [sequences, max_blocks] are as in `inference.engine.batch`. `scale` multiplies
    the scores. Raises ValueError for other shapes.
    """
    sizes = check_shapes(
        q=(q, ("tokens", "heads", "rank + rope")),
        cache=(cache, ("blocks", "block_size", "rank + rope")),
        context=(context, ("sequences",)),
        block_table=(block_table, ("sequences", "max_blocks")),
    )
    check_shapes(query_start=(query_start, (sizes["sequences"] + 1,)))
    if uses_triton(q, cache):
        from kernels.mla_decode import gpu

        return gpu.mla_decode(q, cache, query_start, context, block_table, scale, rank)
    return tiled.mla_decode(q, cache, query_start, context, block_table, scale, rank)
