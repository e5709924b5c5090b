"""Attention over the paged cache and over packed pictures: every form against the reference,
whatever the pages.
"""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from kernels import mla_decode, mla_prefill, tiles, vit_attention
from kernels.mla_decode import reference as decode_reference
from kernels.mla_prefill import reference as prefill_reference
from kernels.vit_attention import reference as vit_reference

HEADS, NOPE, ROPE, V, RANK = 3, 5, 4, 7, 9
SCALE = 0.3
BOUND = 2e-6  # relative RMS: some tens of float32 roundings


def noise(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def relative(ours: Tensor, right: Tensor) -> float:
    return (
        (ours.double() - right.double()).square().mean().sqrt()
        / right.double().square().mean().sqrt()
    ).item()


def pages(
    lengths: list[int], news: list[int], block_size: int
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """(cache, query_start, context, block_table): blocks in no order, NaN where no token of these
    sequences is.
    """
    needed = [-(-length // block_size) for length in lengths]
    order = torch.randperm(sum(needed) + 2, generator=torch.Generator().manual_seed(9)).tolist()
    cache = torch.full((len(order), block_size, RANK + ROPE), torch.nan)
    table = torch.full((len(lengths), max(needed) + 1), -1, dtype=torch.int32)
    for i, (length, count) in enumerate(zip(lengths, needed, strict=True)):
        for j in range(count):
            block = order.pop()
            table[i, j] = block
            used = min(block_size, length - j * block_size)
            cache[block, :used] = noise(used, RANK + ROPE, seed=100 * i + j)
    start = torch.tensor([0, *news]).cumsum(0).int()
    return cache, start, torch.tensor(lengths, dtype=torch.int32), table


SHAPES = [
    pytest.param([1], [1], 4, id="first-token"),
    pytest.param([11], [11], 4, id="whole-prompt"),
    pytest.param([23], [6], 5, id="later-chunk"),
    pytest.param([9, 1, 30, 16], [1, 1, 7, 16], 8, id="several-sequences"),
]


@pytest.fixture(params=[1 << 24, 64], ids=["one-tile", "many-tiles"])
def tile(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "SCORES", request.param)


@pytest.mark.usefixtures("tile")
@pytest.mark.parametrize(("lengths", "news", "block_size"), SHAPES)
def test_expanded_attention_is_the_references(
    lengths: list[int], news: list[int], block_size: int
) -> None:
    cache, *where = pages(lengths, news, block_size)
    q_nope, q_rope = noise(sum(news), HEADS, NOPE), noise(sum(news), HEADS, ROPE, seed=1)
    kv_b = noise(HEADS, NOPE + V, RANK, seed=2)
    right = prefill_reference.mla_prefill(q_nope, q_rope, cache, kv_b, *where, SCALE)
    assert relative(mla_prefill(q_nope, q_rope, cache, kv_b, *where, SCALE), right) < BOUND


@pytest.mark.usefixtures("tile")
@pytest.mark.parametrize(("lengths", "news", "block_size"), SHAPES)
def test_absorbed_attention_is_the_references(
    lengths: list[int], news: list[int], block_size: int
) -> None:
    cache, *where = pages(lengths, news, block_size)
    q = noise(sum(news), HEADS, RANK + ROPE)
    right = decode_reference.mla_decode(q, cache, *where, SCALE, RANK)
    assert relative(mla_decode(q, cache, *where, SCALE, RANK), right) < BOUND


@pytest.mark.parametrize(("lengths", "news", "block_size"), SHAPES)
def test_absorbed_and_expanded_are_the_same_sum(
    lengths: list[int], news: list[int], block_size: int
) -> None:
    cache, *where = pages(lengths, news, block_size)
    q_nope, q_rope = noise(sum(news), HEADS, NOPE), noise(sum(news), HEADS, ROPE, seed=1)
    kv_b = noise(HEADS, NOPE + V, RANK, seed=2)
    q = torch.cat((torch.einsum("thn,hnr->thr", q_nope, kv_b[:, :NOPE]), q_rope), dim=-1)
    absorbed = torch.einsum(
        "thr,hvr->thv", mla_decode(q, cache, *where, SCALE, RANK), kv_b[:, NOPE:]
    )
    assert relative(absorbed, mla_prefill(q_nope, q_rope, cache, kv_b, *where, SCALE)) < 2 * BOUND


def test_a_token_that_saw_one_ahead_would_be_noticed() -> None:
    cache, start, context, table = pages([11], [10], 4)
    q = noise(10, HEADS, RANK + ROPE)
    right = mla_decode(q, cache, start, context, table, SCALE, RANK)
    ahead = mla_decode(torch.roll(q, 1, 0), cache, start, context, table, SCALE, RANK)
    assert relative(torch.roll(ahead, -1, 0)[:-1], right[:-1]) > 1000 * BOUND


def test_a_cache_of_another_width_is_named() -> None:
    cache, *where = pages([3], [3], 4)
    with pytest.raises(ValueError, match=r"cache is \[3, 4, 13\]; it must be .*rank \+ rope=12"):
        mla_decode(noise(3, HEADS, 12), cache, *where, SCALE, RANK)


def test_pictures_do_not_see_each_other() -> None:
    q, k, v = (noise(17, 2, 8, seed=seed) for seed in range(3))
    starts = torch.tensor([0, 5, 6, 17])
    together = vit_attention(q, k, v, starts, 0.35)
    assert relative(together, vit_reference.vit_attention(q, k, v, starts, 0.35)) < BOUND
    alone = vit_attention(q[6:], k[6:], v[6:], torch.tensor([0, 11]), 0.35)
    assert torch.equal(together[6:], alone)
