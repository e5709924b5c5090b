"""The routed experts in Triton, from shuffled INT4 weights, against the sum of experts in float64."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from kernels import Int4, dequantize, quantize
from kernels.int4_moe import gpu
from kernels.int4_moe.routing import sort_pairs
from kernels.int4_moe.shuffled import shuffle
from tests.kernels.gpu.exact import DEVICE, REAL, bound, noise, relative

Experts = list[list[Int4]]  # gate, up and down of each expert


def made(hidden: int, width: int, experts: int) -> Experts:
    def weights(rows: int, columns: int, seed: int) -> list[Int4]:
        return [
            quantize(noise(rows, columns, seed=seed + e) / columns**0.5) for e in range(experts)
        ]

    return [weights(width, hidden, 100), weights(width, hidden, 200), weights(hidden, width, 300)]


def unrounded(weight: Int4) -> Tensor:
    """q · scale, exactly."""
    return dequantize(Int4(weight.packed, weight.scale.double()))


def truth(
    x: Tensor, indices: Tensor, weights: Tensor, experts: Experts, *, rounded: bool
) -> Tensor:
    out = torch.zeros(x.shape, dtype=torch.float64, device=x.device)
    for e in indices.unique().tolist():
        gate, up, down = (
            (dequantize(w[e]) if rounded else unrounded(w[e])).double() for w in experts
        )
        rows, places = (indices == e).nonzero(as_tuple=True)
        g, u = x[rows].double() @ gate.T, x[rows].double() @ up.T
        said = (g * g.sigmoid() * u) @ down.T
        out.index_add_(0, rows, said * weights[rows, places, None].double())
    return out


def routed(tokens: int, top_k: int, experts: int) -> tuple[Tensor, Tensor]:
    scores = torch.rand(tokens, experts, generator=torch.Generator().manual_seed(5)).to(DEVICE)
    weights, indices = scores.topk(top_k)
    return indices, weights


def computed(x: Tensor, indices: Tensor, weights: Tensor, experts: Experts) -> Tensor:
    return gpu.int4_moe(x, indices, weights, *(shuffle(of) for of in experts))


# In bf16: gate times up, what an expert says, the sum. In float32 sums of some hundred products.
ROUNDINGS = {torch.float32: 60, torch.bfloat16: 3}
SHAPES = [
    # tokens, hidden, width, experts, top_k
    pytest.param(1, 96, 32, 5, 2, id="one-token"),
    pytest.param(4, 160, 32, 7, 2, id="four-tokens"),
    pytest.param(5, 160, 96, 7, 3, id="five-tokens"),
    pytest.param(40, 96, 32, 3, 2, id="several-tiles-of-an-expert"),
    pytest.param(1, 7168, 2048, 16, 8, id="k2.6-one-token"),
    pytest.param(64, 7168, 2048, 16, 8, id="k2.6-64-tokens"),
    pytest.param(1024, 7168, 2048, 16, 8, id="k2.6-1024-tokens"),
][: 7 if REAL else 4]


@pytest.mark.parametrize(
    "dtype", [pytest.param(d, id=str(d).removeprefix("torch.")) for d in ROUNDINGS]
)
@pytest.mark.parametrize(("tokens", "hidden", "width", "experts", "top_k"), SHAPES)
def test_a_token_gets_the_weighted_sum_of_its_experts(
    tokens: int, hidden: int, width: int, experts: int, top_k: int, dtype: torch.dtype
) -> None:
    if REAL and dtype == torch.float32 and hidden > 1000:
        pytest.skip(
            "float32 products of this size belong to no model, and their tiles are not tuned"
        )
    weights, x = made(hidden, width, experts), noise(tokens, hidden, dtype=dtype)
    chosen = routed(tokens, top_k, experts)
    right = truth(x, *chosen, weights, rounded=tokens > gpu.FEW)
    ours = computed(x, *chosen, weights)
    assert ours.dtype == dtype
    assert relative(ours, right) < bound(dtype, ROUNDINGS[dtype])


@pytest.mark.parametrize("tokens", [3, 37])
def test_all_tokens_to_one_expert_and_none_to_the_others(tokens: int) -> None:
    weights, x = made(64, 32, 6), noise(tokens, 64)
    indices = torch.full((tokens, 1), 4, device=DEVICE)
    share = noise(tokens, 1, seed=1)
    right = truth(x, indices, share, weights, rounded=tokens > gpu.FEW)
    assert relative(computed(x, indices, share, weights), right) < bound(torch.float32, 60)


def test_few_tokens_keep_their_scales_in_float32_and_many_round_as_the_checkpoint_says() -> None:
    weights, x = made(96, 32, 3), noise(5, 96)
    chosen = routed(5, 2, 3)
    exact = truth(x, *chosen, weights, rounded=False)
    rounded = truth(x, *chosen, weights, rounded=True)
    apart = relative(rounded, exact)
    assert 2.0**-11 < apart < 2.0**-8  # of a weight, at most half a unit of bf16
    few = torch.cat(
        [computed(x[i : i + 1], *(c[i : i + 1] for c in chosen), weights) for i in range(5)]
    )
    many = computed(x, *chosen, weights)
    assert relative(few, exact) < bound(torch.float32, 60) < 0.01 * apart < relative(few, rounded)
    assert relative(many, rounded) < bound(torch.float32, 60) < 0.01 * apart < relative(many, exact)


def test_every_code_counts_minus_eight_too_and_a_scale_of_zero_is_none() -> None:
    random = torch.Generator().manual_seed(3)
    packed = torch.randint(-(2**31), 2**31, (64, 8), generator=random).to(torch.int32)
    scale = torch.rand(64, 2, generator=random).bfloat16() / 32
    scale[::3, 1] = 0
    weights: Experts = [[Int4(packed.to(DEVICE), scale.to(DEVICE))]] * 3
    for tokens in (1, 6):
        x, share = noise(tokens, 64), torch.ones(tokens, 1, device=DEVICE)
        indices = torch.zeros(tokens, 1, dtype=torch.int64, device=DEVICE)
        right = truth(x, indices, share, weights, rounded=tokens > gpu.FEW)
        assert relative(computed(x, indices, share, weights), right) < bound(torch.float32, 60)


def test_pairs_are_sorted_into_tiles_of_one_expert() -> None:
    indices = torch.tensor([[4, 0], [4, 2], [4, 0], [4, 2], [4, 2]], device=DEVICE)
    owners, places = sort_pairs(indices, 7, 4)
    tiles = places.view(-1, 4)
    assert [expert for expert in owners.tolist() if expert] == [1, 3, 5, 5]
    assert sorted(pair for pair in places.tolist() if pair) == list(range(1, 11))
    for expert, tile in zip(owners.tolist(), tiles.tolist(), strict=True):
        assert {int(indices.flatten()[pair - 1]) + 1 for pair in tile if pair} in ({expert}, set())


def test_a_nibble_taken_from_its_neighbour_would_be_noticed() -> None:
    weights, x = made(96, 32, 3), noise(6, 96)
    chosen = routed(6, 2, 3)
    turned = [shuffle(of) for of in weights]
    turned[1] = turned[1]._replace(words=turned[1].words.roll(1, -1))
    wrong = gpu.int4_moe(x, *chosen, *turned)
    assert relative(wrong, truth(x, *chosen, weights, rounded=True)) > 0.1
