"""Absorbed latent attention in Triton: any pages, any mixture of sequences, the context split or
not.
"""

from __future__ import annotations

import pytest
import torch

from kernels.mla_decode import gpu
from tests.kernels.gpu.exact import DEVICE, REAL, bound, noise, relative
from tests.kernels.gpu.paged import decoded, pages

# In bf16 the weights are rounded before they meet the values, and the result at the end; what an
# error in a score does to its weight is in proportion. In float32 a sum of some hundred products,
# and the exponentials of it.
ROUNDINGS = {torch.float32: 120, torch.bfloat16: 4}
DTYPES = [pytest.param(d, id=str(d).removeprefix("torch.")) for d in ROUNDINGS]
SHAPES = [
    # lengths, new tokens, block size, heads, rank, rope
    pytest.param([1], [1], 4, 3, 9, 4, id="first-token"),
    pytest.param([11], [11], 4, 3, 9, 4, id="whole-prompt"),
    pytest.param([9, 1, 37, 16], [1, 1, 7, 16], 8, 5, 20, 6, id="several-sequences"),
    pytest.param([700, 3], [1, 2], 16, 8, 32, 16, id="long-and-short"),
    pytest.param([32768, 5, 4096], [1, 3, 2], 16, 64, 512, 64, id="k2.6"),
    pytest.param([4096] * 64, [1] * 64, 16, 64, 512, 64, id="k2.6-64-sequences"),
][: 6 if REAL else 4]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("lengths", "news", "size", "heads", "rank", "rope"), SHAPES)
def test_every_row_sees_its_past_and_itself(
    lengths: list[int],
    news: list[int],
    size: int,
    heads: int,
    rank: int,
    rope: int,
    dtype: torch.dtype,
) -> None:
    if REAL and dtype == torch.float32 and rank > 100:
        pytest.skip(
            "a float32 tile of this width does not fit a multiprocessor, and no model has one"
        )
    cache, where = pages(lengths, news, size, rank + rope, dtype)
    q = noise(sum(news), heads, rank + rope, dtype=dtype)
    scale = (rank + rope) ** -0.5
    ours = gpu.mla_decode(q, cache, *where, scale, rank)
    assert ours.dtype == dtype
    assert relative(ours, decoded(q, cache, where, scale, rank)) < bound(dtype, ROUNDINGS[dtype])


def test_one_split_and_many_are_the_same_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    cache, where = pages([150], [2], 16, 24, torch.float32)
    q = noise(2, 4, 24)
    monkeypatch.setattr(gpu, "LEAST", 32)
    many = gpu.mla_decode(q, cache, *where, 0.2, 16)
    monkeypatch.setattr(gpu, "LEAST", 1 << 20)
    assert relative(gpu.mla_decode(q, cache, *where, 0.2, 16), many) < bound(torch.float32, 60)


def test_splits_without_a_key_weigh_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sequence is short, and the table leaves room for a long one: most splits see no key."""
    monkeypatch.setattr(gpu, "LEAST", 32)
    cache, (start, context, table) = pages([3], [1], 16, 24, torch.float32)
    wide = torch.full((1, 40), -1, dtype=torch.int32, device=DEVICE)
    wide[0, :1] = table[0, :1]
    where = start, context, wide
    q = noise(1, 4, 24)
    ours = gpu.mla_decode(q, cache, *where, 0.2, 16)
    assert relative(ours, decoded(q, cache, where, 0.2, 16)) < bound(torch.float32, 60)


def test_a_row_without_its_sequence_changes_nothing_for_the_others() -> None:
    """A graph's pass is padded with sequences of no token at its end."""
    cache, (start, context, table) = pages([9, 4], [2, 1], 8, 24, torch.float32)
    q = noise(3, 4, 24)
    right = gpu.mla_decode(q, cache, start, context, table, 0.2, 16)
    padded = (
        torch.cat((start, start[-1:], start[-1:])),
        torch.cat((context, context[:2] * 0)),
        table.repeat(2, 1),
    )
    assert relative(gpu.mla_decode(q, cache, *padded, 0.2, 16), right) < bound(torch.float32, 10)


def test_a_token_that_saw_one_ahead_would_be_noticed() -> None:
    cache, (start, context, table) = pages([11], [4], 4, 24, torch.float32)
    q = noise(4, 3, 24)
    right = decoded(q, cache, (start, context, table), 0.2, 16)
    wrong = gpu.mla_decode(q, cache, start, context - 1, table, 0.2, 16)
    assert relative(wrong, right) > 1000 * bound(torch.float32, 120)
