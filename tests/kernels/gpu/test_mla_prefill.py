"""Expanded latent attention in Triton: whole prompts and later chunks, in one chunk of the context
or in many.
"""

from __future__ import annotations

import pytest
import torch

from kernels.mla_prefill import gpu
from tests.kernels.gpu.exact import REAL, bound, noise, relative
from tests.kernels.gpu.paged import pages, prefilled

# In bf16 keys, values, weights and the result are rounded; a score sums a rounded key's errors, and
# its weight follows.
ROUNDINGS = {torch.float32: 120, torch.bfloat16: 6}
DTYPES = [pytest.param(d, id=str(d).removeprefix("torch.")) for d in ROUNDINGS]
SHAPES = [
    # lengths, new tokens, block size, heads, nope, rope, v, rank
    pytest.param([1], [1], 4, 3, 5, 4, 7, 9, id="first-token"),
    pytest.param([23], [6], 5, 2, 5, 4, 7, 9, id="later-chunk"),
    pytest.param([9, 1, 37, 16], [1, 1, 20, 16], 8, 2, 12, 6, 10, 20, id="several-sequences"),
    pytest.param([40], [28], 16, 1, 16, 8, 16, 24, id="prompt"),
    pytest.param([2048, 900], [512, 900], 16, 64, 128, 64, 128, 512, id="k2.6"),
][: 5 if REAL else 4]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("lengths", "news", "size", "heads", "nope", "rope", "v", "rank"), SHAPES)
@pytest.mark.parametrize(
    "workspace", [pytest.param(1 << 28, id="one-chunk"), pytest.param(1, id="many-chunks")]
)
def test_every_row_sees_its_past_and_itself(
    lengths: list[int],
    news: list[int],
    size: int,
    heads: int,
    nope: int,
    rope: int,
    v: int,
    rank: int,
    workspace: int,
    dtype: torch.dtype,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if REAL and dtype == torch.float32 and rank > 100:
        pytest.skip(
            "a float32 tile of this width does not fit a multiprocessor, and no model has one"
        )
    monkeypatch.setattr(gpu, "WORKSPACE", workspace)
    cache, where = pages(lengths, news, size, rank + rope, dtype)
    both = noise(sum(news), heads, nope + rope, dtype=dtype)
    kv_b = (noise(heads, nope + v, rank, seed=2) / rank**0.5).to(dtype)
    q_nope, q_rope, scale = both[..., :nope], both[..., nope:], (nope + rope) ** -0.5
    ours = gpu.mla_prefill(q_nope, q_rope, cache, kv_b, *where, scale)
    assert ours.dtype == dtype
    assert relative(ours, prefilled(q_nope, q_rope, cache, kv_b, where, scale)) < bound(
        dtype, ROUNDINGS[dtype]
    )


def test_a_token_that_saw_one_ahead_would_be_noticed() -> None:
    cache, (start, context, table) = pages([11], [4], 4, 24, torch.float32)
    both, kv_b = noise(4, 2, 18), noise(2, 17, 16, seed=1) / 4
    right = prefilled(both[..., :10], both[..., 10:], cache, kv_b, (start, context, table), 0.2)
    wrong = gpu.mla_prefill(
        both[..., :10], both[..., 10:], cache, kv_b, start, context - 1, table, 0.2
    )
    assert relative(wrong, right) > 1000 * bound(torch.float32, 120)
