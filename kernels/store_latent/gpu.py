"""Writing of latents and rotated keys into the cache, one token for each program."""

from __future__ import annotations

import triton
import triton.language as tl
from torch import Tensor

from kernels.language import narrow
from kernels.launch import launch, round_up_to_power_of_two, view_as_rows


@triton.jit
def put(
    p_latent,
    p_key,
    p_cache,
    p_slots,
    latent_row,
    key_row,
    cache_row,
    rank,
    rope,
    RANK: tl.constexpr,
    ROPE: tl.constexpr,
):
    i_token = tl.program_id(0).to(tl.int64)
    p_row = p_cache + tl.load(p_slots + i_token).to(tl.int64) * cache_row
    o_rank, o_rope = tl.arange(0, RANK), tl.arange(0, ROPE)
    b_latent = tl.load(p_latent + i_token * latent_row + o_rank, mask=o_rank < rank, other=0.0).to(
        tl.float32
    )
    b_key = tl.load(p_key + i_token * key_row + o_rope, mask=o_rope < rope, other=0.0).to(
        tl.float32
    )
    tl.store(p_row + o_rank, narrow(b_latent, p_cache.dtype.element_ty), mask=o_rank < rank)
    tl.store(p_row + rank + o_rope, narrow(b_key, p_cache.dtype.element_ty), mask=o_rope < rope)


def store_latent(latent: Tensor, key: Tensor, cache: Tensor, slots: Tensor) -> None:
    latent, key, rows = view_as_rows(latent), view_as_rows(key), cache.view(-1, cache.shape[-1])
    rank, rope = latent.shape[1], key.shape[1]
    launch(
        put,
        (len(slots),),
        latent,
        key,
        rows,
        slots,
        latent.stride(0),
        key.stride(0),
        rows.stride(0),
        rank,
        rope,
        RANK=round_up_to_power_of_two(rank),
        ROPE=round_up_to_power_of_two(rope),
        warps=2,
        stages=1,
    )
