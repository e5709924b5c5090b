"""Writing of latents into the paged cache."""

from __future__ import annotations

from torch import Tensor

from kernels.dispatch import uses_triton
from kernels.shapes import check_shapes
from kernels.store_latent import reference


def store_latent(latent: Tensor, key: Tensor, cache: Tensor, slots: Tensor) -> None:
    """Write latent [tokens, rank] and key [tokens, rope] into rows `slots` [tokens] of the cache.

    cache [blocks, block_size, rank + rope]. A slot is block * block_size + offset; slots are
    distinct. Raises ValueError for other shapes.
    """
    sizes = check_shapes(
        latent=(latent, ("tokens", "rank")),
        key=(key, ("tokens", "rope")),
        slots=(slots, ("tokens",)),
    )
    check_shapes(cache=(cache, ("blocks", "block_size", sizes["rank"] + sizes["rope"])))
    if uses_triton(latent, key):
        from kernels.store_latent import gpu

        gpu.store_latent(latent, key, cache, slots)
    else:
        reference.store_latent(latent, key, cache, slots)
