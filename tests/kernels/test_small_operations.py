"""Norm, rotation, gate, mixture and cache, each against its formula in float64 on shapes that are
not round.
"""

from __future__ import annotations

import math

import pytest
import torch

from kernels import int4_moe, moe, quantize, rms_norm, rope, store_latent, swiglu, topk_gate

# A few roundings of 2^-24 (float32) or 2^-8 (bf16, two of them) in numbers near 1.
BOUND = {torch.float32: 2e-6, torch.bfloat16: 1e-2}


def noise(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def relative(ours: torch.Tensor, right: torch.Tensor) -> float:
    right = right.double()
    return ((ours.double() - right).square().mean().sqrt() / right.square().mean().sqrt()).item()


@pytest.mark.parametrize("dtype", BOUND)
def test_rms_norm_divides_by_the_root_mean_square(dtype: torch.dtype) -> None:
    x, weight = (noise(3, 5, 37) * 3).to(dtype), noise(37, seed=1).to(dtype)
    wide = x.double()
    right = wide / (wide.square().mean(-1, keepdim=True) + 1e-5).sqrt() * weight.double()
    ours = rms_norm(x, weight, 1e-5)
    assert ours.dtype == dtype
    assert relative(ours, right) < BOUND[dtype]


def test_rope_turns_neighbouring_pairs_in_place() -> None:
    x, angles = noise(4, 3, 10), noise(4, 5, seed=1)
    turned = torch.view_as_complex(x.view(4, 3, 5, 2).double()) * torch.polar(
        torch.ones(4, 1, 5).double(), angles[:, None].double()
    )
    assert (
        relative(rope(x, angles.cos(), angles.sin()), torch.view_as_real(turned).flatten(-2))
        < BOUND[torch.float32]
    )


def test_swiglu_multiplies_by_the_gates_silu() -> None:
    gate, up = noise(5, 7), noise(5, 7, seed=1)
    assert (
        relative(swiglu(gate, up), gate.double() / (1 + (-gate.double()).exp()) * up.double())
        < BOUND[torch.float32]
    )


def route(
    x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor, **wishes: object
) -> tuple[torch.Tensor, torch.Tensor]:
    usual = {"top_k": 2, "groups": 1, "top_groups": 1, "normalize": True, "factor": 2.827}
    return topk_gate(x, weight, bias, **{**usual, **wishes})


def test_the_bias_chooses_experts_but_does_not_weigh_them() -> None:
    weight = torch.tensor([[2.0], [1.0], [0.0], [-9.0]])
    indices, weights = route(torch.ones(1, 1), weight, torch.tensor([0.0, 0.0, 0.0, 5.0]))
    scores = {0: 1 / (1 + math.exp(-2)), 3: 1 / (1 + math.exp(9))}
    assert sorted(indices[0].tolist()) == [0, 3]
    total = sum(scores.values())
    for expert, share in zip(indices[0].tolist(), weights[0].tolist(), strict=True):
        assert share == pytest.approx(2.827 * scores[expert] / total, rel=1e-6)


def test_only_the_best_groups_are_open() -> None:
    weight = torch.tensor(
        [[3.0], [-3.0], [1.0], [0.9]]
    )  # the best expert sits in the group with the lower sum
    open_to_all, _ = route(torch.ones(1, 1), weight, torch.zeros(4))
    one_group, _ = route(torch.ones(1, 1), weight, torch.zeros(4), groups=2, top_groups=1)
    assert sorted(open_to_all[0].tolist()) == [0, 2]
    assert sorted(one_group[0].tolist()) == [2, 3]


def test_weights_need_not_sum_to_one() -> None:
    _, weights = route(
        torch.ones(1, 1), torch.zeros(4, 1), torch.zeros(4), normalize=False, factor=3.0
    )
    assert weights[0].tolist() == [1.5, 1.5]


@pytest.mark.parametrize("tokens", [1, 13])
def test_a_token_gets_the_weighted_sum_of_its_experts(tokens: int) -> None:
    hidden, width, count = 64, 32, 5
    gate, up = noise(count, width, hidden, seed=1) / 8, noise(count, width, hidden, seed=2) / 8
    down = noise(count, hidden, width, seed=3) / 6
    x, weights = noise(tokens, hidden), noise(tokens, 2, seed=4)
    indices = torch.stack(
        (torch.arange(tokens) % count, (torch.arange(tokens) * 2 + 1) % count), dim=-1
    )
    right = torch.zeros(tokens, hidden, dtype=torch.float64)
    for token in range(tokens):
        for place, expert in enumerate(indices[token].tolist()):
            row = x[token].double()
            g, u = gate[expert].double() @ row, up[expert].double() @ row
            right[token] += weights[token, place].double() * (
                down[expert].double() @ (g * torch.sigmoid(g) * u)
            )
    assert (
        relative(moe(x, indices, weights, lambda e: (gate[e], up[e], down[e])), right)
        < BOUND[torch.float32]
    )


def test_packed_experts_count_as_what_they_stand_for() -> None:
    from kernels import dequantize

    stacks = [
        [quantize(noise(*shape, seed=10 * kind + e)) for e in range(3)]
        for kind, shape in enumerate([(32, 64), (32, 64), (64, 32)])
    ]
    x, weights = noise(6, 64), noise(6, 2, seed=5)
    indices = torch.tensor([[0, 1], [1, 2], [2, 0], [0, 2], [1, 0], [2, 1]])
    plain = moe(
        x,
        indices,
        weights,
        lambda e: (dequantize(stacks[0][e]), dequantize(stacks[1][e]), dequantize(stacks[2][e])),
    )
    assert torch.equal(int4_moe(x, indices, weights, *stacks), plain)


def test_a_latent_lands_in_its_slot_and_nowhere_else() -> None:
    cache = torch.full((3, 4, 6), torch.nan)
    latent, key = noise(2, 4), noise(2, 2, seed=1)
    store_latent(latent, key, cache, torch.tensor([9, 2]))
    assert torch.equal(cache[2, 1], torch.cat((latent[0], key[0])))
    assert torch.equal(cache[0, 2], torch.cat((latent[1], key[1])))
    assert cache.isnan().sum() == 10 * 6


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: rms_norm(noise(2, 3), noise(4), 1e-5), r"weight is \[4\]; it must be \[dim=3\]"),
        (
            lambda: rope(noise(2, 1, 4), noise(2, 3), noise(2, 3)),
            r"cos is \[2, 3\]; it must be \[2, 2\]",
        ),
        (
            lambda: swiglu(noise(2, 3), noise(3, 3)),
            r"up is \[3, 3\]; it must be \[tokens=2, width=3\]",
        ),
        (
            lambda: store_latent(noise(1, 4), noise(1, 2), noise(1, 1, 7), torch.tensor([0])),
            r"cache is \[1, 1, 7\]",
        ),
    ],
)
def test_a_wrong_shape_is_named(call: object, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        call()
