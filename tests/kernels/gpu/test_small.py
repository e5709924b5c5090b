"""Norm, rotation, SwiGLU, cache and router in Triton, against their formulas in float64."""

from __future__ import annotations

import pytest
import torch

from kernels import dequantize, quantize
from kernels.fake_quant import gpu as fake_quant_gpu
from kernels.rms_norm import gpu as rms_norm_gpu
from kernels.rope import gpu as rope_gpu
from kernels.store_latent import gpu as store_latent_gpu
from kernels.swiglu import gpu as swiglu_gpu
from kernels.topk_gate import gpu as topk_gate_gpu
from kernels.topk_gate import reference as topk_gate_reference
from tests.kernels.gpu.exact import DEVICE, REAL, bound, noise, relative

DTYPES = [pytest.param(torch.float32, id="float32"), pytest.param(torch.bfloat16, id="bfloat16")]
# A sum of some thousand float32 numbers is off by some ten units; in bf16 what counts is how often
# it is rounded.
ROUNDINGS = {torch.float32: 40, torch.bfloat16: 3}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("rows", "dim"), [(1, 1), (3, 37), (2, 256), (64, 7168)][: 4 if REAL else 3]
)
def test_rms_norm(rows: int, dim: int, dtype: torch.dtype) -> None:
    x, weight = (
        noise(rows, dim + 5, dtype=dtype)[:, 2 : dim + 2] * 3,
        noise(dim, seed=1, dtype=dtype),
    )
    right = (
        x.double() / (x.double().square().mean(-1, keepdim=True) + 1e-5).sqrt() * weight.double()
    )
    ours = rms_norm_gpu.rms_norm(x, weight, 1e-5)
    assert ours.dtype == dtype
    assert relative(ours, right) < bound(dtype, ROUNDINGS[dtype])


@pytest.mark.parametrize("dtype", DTYPES)
def test_rms_norm_of_a_sum_gives_the_sum_too(dtype: torch.dtype) -> None:
    rows, dim = (64, 7168) if REAL else (3, 45)
    x, residual, weight = (
        noise(rows, dim, dtype=dtype),
        noise(rows, dim, seed=1, dtype=dtype),
        noise(dim, seed=2),
    )
    normed, total = rms_norm_gpu.add_rms_norm(x, residual, weight, 1e-6)
    assert torch.equal(total, x + residual)
    wide = total.double()
    right = wide / (wide.square().mean(-1, keepdim=True) + 1e-6).sqrt() * weight.double()
    assert relative(normed, right) < bound(dtype, ROUNDINGS[dtype] + 1)


def test_a_norm_without_its_eps_would_be_noticed() -> None:
    x, weight = noise(2, 33) * 1e-3, torch.ones(33, device=DEVICE)
    without = rms_norm_gpu.rms_norm(x, weight, 0.0)
    assert relative(rms_norm_gpu.rms_norm(x, weight, 1e-5), without) > 100 * bound(
        torch.float32, 40
    )


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("tokens", "heads", "dim"), [(1, 1, 2), (3, 5, 10), (2, 17, 72), (512, 64, 64)][: 3 + REAL]
)
def test_rope_turns_neighbouring_pairs(
    tokens: int, heads: int, dim: int, dtype: torch.dtype
) -> None:
    x, angles = (
        noise(tokens, heads, dim + 6, dtype=dtype)[..., 6:],
        noise(tokens, dim // 2, seed=1) * 9,
    )
    pairs = x.double().unflatten(-1, (-1, 2))
    a, b, cos, sin = (
        pairs[..., 0],
        pairs[..., 1],
        angles.cos().double()[:, None],
        angles.sin().double()[:, None],
    )
    right = torch.stack((a * cos - b * sin, a * sin + b * cos), dim=-1).flatten(-2)
    assert relative(rope_gpu.rope(x, angles.cos(), angles.sin()), right) < bound(dtype, 4)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("tokens", "width"), [(1, 3), (5, 1027), (64, 2048)][: 2 + REAL])
def test_swiglu(tokens: int, width: int, dtype: torch.dtype) -> None:
    both = noise(tokens, 2 * width, dtype=dtype) * 4
    gate, up = both[:, :width], both[:, width:]
    right = gate.double() * gate.double().sigmoid() * up.double()
    assert relative(swiglu_gpu.swiglu(gate, up), right) < bound(
        dtype, 8 if dtype == torch.float32 else 1
    )


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_latent_lands_in_its_slot_and_nowhere_else(dtype: torch.dtype) -> None:
    cache = torch.full((3, 4, 13), torch.nan, dtype=dtype, device=DEVICE)
    both = noise(2, 14, dtype=dtype)
    store_latent_gpu.store_latent(
        both[:, :9], both[:, 10:], cache, torch.tensor([9, 2], device=DEVICE)
    )
    assert torch.equal(cache[2, 1], torch.cat((both[0, :9], both[0, 10:])))
    assert torch.equal(cache[0, 2], torch.cat((both[1, :9], both[1, 10:])))
    assert int(cache.isnan().sum()) == 10 * 13


GATES = [
    pytest.param(1, 40, 5, 2, 1, 1, id="one-token"),
    pytest.param(19, 70, 37, 8, 1, 1, id="odd"),
    pytest.param(6, 33, 24, 3, 4, 2, id="groups"),
    pytest.param(64, 7168, 384, 8, 1, 1, id="k2.6"),
][: 3 + REAL]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("tokens", "hidden", "experts", "top_k", "groups", "top_groups"), GATES)
def test_the_router_chooses_and_weighs(
    tokens: int,
    hidden: int,
    experts: int,
    top_k: int,
    groups: int,
    top_groups: int,
    dtype: torch.dtype,
) -> None:
    x, weight = (
        noise(tokens, hidden, dtype=dtype),
        noise(experts, hidden, seed=1, dtype=dtype) / hidden**0.5,
    )
    bias = noise(experts, seed=2) / 4
    wishes = {
        "top_k": top_k,
        "groups": groups,
        "top_groups": top_groups,
        "normalize": True,
        "factor": 2.5,
    }
    indices, weights = topk_gate_gpu.topk_gate(x, weight, bias, **wishes)
    right, weighed = topk_gate_reference.topk_gate(x, weight, bias, **wishes)
    assert indices.dtype == torch.int64
    assert torch.equal(indices.sort().values, right.sort().values)
    order = (indices.argsort(), right.argsort())
    assert relative(weights.gather(1, order[0]), weighed.gather(1, order[1])) < bound(
        torch.float32, 40
    )


def test_the_bias_chooses_but_does_not_weigh() -> None:
    weight = torch.tensor([[2.0], [1.0], [0.0], [-9.0]], device=DEVICE)
    bias, x = torch.tensor([0.0, 0.0, 0.0, 5.0], device=DEVICE), torch.ones(1, 1, device=DEVICE)
    wishes = {"top_k": 2, "groups": 1, "top_groups": 1, "normalize": False, "factor": 1.0}
    indices, weights = topk_gate_gpu.topk_gate(x, weight, bias, **wishes)
    assert indices[0].tolist() == [3, 0]
    assert weights[0].tolist() == pytest.approx(
        [1 / (1 + 2.718281828**9), 1 / (1 + 2.718281828**-2)], rel=1e-5
    )


@pytest.mark.parametrize("dtype", DTYPES)
def test_fake_quant_is_packing_and_unpacking(dtype: torch.dtype) -> None:
    weight = noise(3, 35, 96, dtype=dtype) * noise(3, 35, 1, seed=1).exp()
    weight[1, 2, 32:64] = 0
    assert torch.equal(fake_quant_gpu.fake_quant(weight), dequantize(quantize(weight)).to(dtype))


def test_the_gradient_of_fake_quant_passes_straight_through() -> None:
    weight, above = noise(5, 64).requires_grad_(), noise(5, 64, seed=1)
    fake_quant_gpu.fake_quant(weight).backward(above)
    assert torch.equal(weight.grad, above)
