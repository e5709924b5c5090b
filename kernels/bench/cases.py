"""The timed cases: shapes of K2.6 and of a small model, with the least bytes and operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

import kernels
from kernels.draw import reference as draw_reference
from kernels.fake_quant import reference as fake_quant_reference
from kernels.int4 import Int4, dequantize
from kernels.mla_decode import tiled as mla_decode_tiled
from kernels.mla_prefill import tiled as mla_prefill_tiled
from kernels.moe import reference as moe_reference
from kernels.rms_norm import reference as rms_norm_reference
from kernels.rope import reference as rope_reference
from kernels.swiglu import reference as swiglu_reference
from kernels.topk_gate import reference as topk_gate_reference
from kernels.vit_attention import fused as vit_attention_fused

FEW = 4  # tokens up to which `int4_moe` uses its form for few tokens; see kernels/int4_moe/gpu.py
Call = Callable[[], object]
Inputs = tuple[Any, ...]


@dataclass(frozen=True)
class Case:
    """One operation at one shape.

    `bytes`: every input read once and every output written once. `others`: alternatives to compare
    with. `forms`: the names of its settings in `kernels/tables`, and its size there.
    """

    operation: str
    shape: str
    ours: Call
    bytes: int
    operations: int = 0
    others: Mapping[str, Call] = field(default_factory=dict)
    forms: Mapping[str, int] = field(default_factory=dict)


def make_noise(*shape: int, dtype: torch.dtype = torch.bfloat16) -> Tensor:
    return torch.randn(shape, device="cuda", dtype=dtype)


def compile_call(call: Callable[..., object], *inputs: object) -> Call:
    compiled = torch.compile(call)
    return lambda: compiled(*inputs)


def find_peer(module: str, name: str, *inputs: object) -> dict[str, Call]:
    """Return {package: call of its function}, or {} if the package is not installed.

    The package may refuse the inputs when it is called.
    """
    package = module.split(".")[0]
    if find_spec(package) is None:
        return {}
    return {package: lambda: getattr(import_module(module), name)(*inputs)}


def rms_norm() -> Iterator[Case]:
    for rows in (1, 64, 4096):
        x, residual, weight = make_noise(rows, 7168), make_noise(rows, 7168), make_noise(7168)

        inputs: Inputs = (x, residual, weight, 1e-5)
        ours = partial(kernels.add_rms_norm, *inputs)
        others: dict[str, Call] = {
            "reference": partial(rms_norm_reference.add_rms_norm, *inputs),
            "torch.compile": compile_call(rms_norm_reference.add_rms_norm, *inputs),
            **find_peer("flag_gems", "rms_norm", x, (7168,), weight, 1e-5),
        }
        yield Case("rms_norm", f"{rows} × 7168, of a sum", ours, 4 * x.nbytes, 0, others)


def swiglu() -> Iterator[Case]:
    for rows in (64, 4096):
        gate, up = make_noise(rows, 18432), make_noise(rows, 18432)
        others: dict[str, Call] = {
            "reference": partial(swiglu_reference.swiglu, gate, up),
            "torch.compile": compile_call(swiglu_reference.swiglu, gate, up),
            **find_peer("flag_gems", "silu_and_mul", gate, up),
        }
        yield Case(
            "swiglu",
            f"{rows} × 18432",
            partial(kernels.swiglu, gate, up),
            3 * gate.nbytes,
            0,
            others,
        )


def rope() -> Iterator[Case]:
    for tokens in (64, 4096):
        x, angles = make_noise(tokens, 64, 64), make_noise(tokens, 32, dtype=torch.float32)
        tables = angles.cos(), angles.sin()
        others: dict[str, Call] = {
            "reference": partial(rope_reference.rope, x, *tables),
            "torch.compile": compile_call(rope_reference.rope, x, *tables),
        }
        moved = 2 * x.nbytes + 2 * angles.nbytes
        yield Case(
            "rope", f"{tokens} × 64 × 64", partial(kernels.rope, x, *tables), moved, 0, others
        )


def store_latent() -> Iterator[Case]:
    latent, key, cache = make_noise(4096, 512), make_noise(4096, 64), make_noise(1024, 16, 576)
    slots = torch.randperm(1024 * 16, device="cuda")[:4096]
    moved = 2 * (latent.nbytes + key.nbytes) + slots.nbytes
    yield Case(
        "store_latent", "4096 × 576", lambda: kernels.store_latent(latent, key, cache, slots), moved
    )


def topk_gate() -> Iterator[Case]:
    wishes: dict[str, Any] = {
        "top_k": 8,
        "groups": 1,
        "top_groups": 1,
        "normalize": True,
        "factor": 2.827,
    }
    weight, bias = make_noise(384, 7168), make_noise(384, dtype=torch.float32)
    for tokens in (1, 64, 1024):
        x = make_noise(tokens, 7168)
        others: dict[str, Call] = {
            "reference": partial(topk_gate_reference.topk_gate, x, weight, bias, **wishes)
        }
        yield Case(
            "topk_gate",
            f"{tokens} × 7168 → 8 of 384",
            partial(kernels.topk_gate, x, weight, bias, **wishes),
            weight.nbytes + x.nbytes + tokens * 96,
            2 * tokens * 384 * 7168,
            others,
        )


def draw() -> Iterator[Case]:
    logits, each = (
        make_noise(64, 163_840, dtype=torch.float32),
        torch.full((64,), 0.9, device="cuda"),
    )
    inputs: Inputs = (logits, each, each, each * 0, each)
    others: dict[str, Call] = {"reference": partial(draw_reference.draw, *inputs)}
    yield Case("draw", "64 × 163,840", partial(kernels.draw, *inputs), logits.nbytes, 0, others)


def fake_quant() -> Iterator[Case]:
    weight = make_noise(384, 2048, 512, dtype=torch.float32)
    others: dict[str, Call] = {
        "reference": lambda: fake_quant_reference.fake_quant(weight),
        "torch.compile": compile_call(fake_quant_reference.fake_quant, weight),
    }
    yield Case(
        "fake_quant",
        "384 × 2048 × 512",
        lambda: kernels.fake_quant(weight),
        2 * weight.nbytes,
        0,
        others,
    )


def int4_moe() -> Iterator[Case]:
    for label, sizes in (("k2.6", (7168, 2048, 384, 8)), ("small", (512, 160, 32, 4))):
        yield from _make_expert_cases(label, *sizes)


def _make_expert_cases(
    label: str, hidden: int, width: int, experts: int, top_k: int
) -> Iterator[Case]:
    def weights(rows: int, columns: int) -> list[Int4]:
        packed = torch.randint(
            -(1 << 31), 1 << 31, (experts, rows, columns // 8), device="cuda"
        ).to(torch.int32)
        scale = (torch.rand(experts, rows, columns // 32, device="cuda") / columns**0.5).bfloat16()
        return [Int4(p, s) for p, s in zip(packed, scale, strict=True)]

    plain: Inputs = (weights(width, hidden), weights(width, hidden), weights(hidden, width))
    shuffled: Inputs = tuple(kernels.shuffle(matrices) for matrices in plain)
    expert_bytes = sum(weight.words[0].nbytes + weight.scales[0].nbytes for weight in shuffled)
    for tokens in (1, 8, 64, 1024):
        x = make_noise(tokens, hidden)
        share, chosen = torch.rand(tokens, experts, device="cuda").topk(top_k)
        distinct = [int(e) for e in chosen.unique()]
        dequantized: dict[int, Any] = {}
        for expert in distinct:
            dequantized[expert] = tuple(dequantize(matrices[expert]) for matrices in plain)
        inputs: Inputs = (x, chosen, share)
        others: dict[str, Call] = {
            "bf16 experts": partial(moe_reference.moe, x, chosen, share, dequantized.__getitem__),
            "reference": partial(kernels.int4_moe, *inputs, *plain),
        }
        average = -(-tokens * top_k // experts)
        if tokens <= FEW:
            forms = {"int4_moe.one.gate_up": tokens, "int4_moe.one.down": tokens}
        else:
            forms = {"int4_moe.many.gate_up": average, "int4_moe.many.down": average}
        operations = 6 * tokens * top_k * hidden * width
        yield Case(
            "int4_moe",
            f"{label}, {tokens} tokens, {len(distinct)} experts",
            partial(kernels.int4_moe, *inputs, *shuffled),
            len(distinct) * expert_bytes + 2 * x.nbytes,
            operations,
            others,
            forms,
        )


def _make_paged_cache(sequences: int, length: int, width: int) -> tuple[Tensor, Tensor, Tensor]:
    blocks = length // 16
    cache = make_noise(sequences * blocks, 16, width)
    table = torch.randperm(sequences * blocks, device="cuda").int().view(sequences, blocks)
    return cache, torch.full((sequences,), length, dtype=torch.int32, device="cuda"), table


def mla_decode() -> Iterator[Case]:
    for sequences, length in ((1, 32768), (8, 32768), (64, 32768), (64, 4096)):
        cache, context, table = _make_paged_cache(sequences, length, 576)
        start = torch.arange(sequences + 1, dtype=torch.int32, device="cuda")
        q = make_noise(sequences, 64, 576)
        inputs: Inputs = (q, cache, start, context, table, 0.1447, 512)
        form = {"mla_decode": 64}
        operations = 2 * sequences * 64 * length * (576 + 512)
        others: dict[str, Call] = {"tiled torch": partial(mla_decode_tiled.mla_decode, *inputs)}
        yield Case(
            "mla_decode",
            f"{sequences} of {length}",
            partial(kernels.mla_decode, *inputs),
            cache.nbytes + 2 * q.nbytes,
            operations,
            others,
            form,
        )


def mla_prefill() -> Iterator[Case]:
    for tokens, length in ((512, 512), (512, 8192), (4096, 4096)):
        cache, context, table = _make_paged_cache(1, length, 576)
        start = torch.tensor([0, tokens], dtype=torch.int32, device="cuda")
        q_nope = make_noise(tokens, 64, 128)
        q_rope = make_noise(tokens, 64, 64)
        kv_b = make_noise(64, 256, 512)
        inputs: Inputs = (q_nope, q_rope, cache, kv_b, start, context, table, 0.1447)
        visible = tokens * length - tokens * (tokens - 1) // 2  # pairs of query and key
        operations = 2 * 64 * (length * 512 * 256 + visible * (192 + 128))
        others: dict[str, Call] = {"tiled torch": partial(mla_prefill_tiled.mla_prefill, *inputs)}
        yield Case(
            "mla_prefill",
            f"{tokens} of {length}",
            partial(kernels.mla_prefill, *inputs),
            cache.nbytes + kv_b.nbytes + 4 * q_nope.nbytes,
            operations,
            others,
            {"mla_prefill.attend": tokens, "mla_prefill.expand": length},
        )


def vit_attention() -> Iterator[Case]:
    for patches in (1024, 4096, 16384):
        q, k, v = make_noise(patches, 3, 16, 72).unbind(1)
        starts = torch.tensor([0, patches], dtype=torch.int32, device="cuda")
        inputs: Inputs = (q, k, v, starts, 72**-0.5)
        heads: Inputs = tuple(x.transpose(0, 1).unsqueeze(0).contiguous() for x in (q, k, v))
        others: dict[str, Call] = {
            "torch SDPA": partial(F.scaled_dot_product_attention, *heads),
            "per item": partial(vit_attention_fused.vit_attention, *inputs),
            **find_peer(
                "flash_attn", "flash_attn_varlen_func", q, k, v, starts, starts, patches, patches
            ),
        }
        yield Case(
            "vit_attention",
            f"{patches} patches",
            partial(kernels.vit_attention, *inputs),
            4 * q.nbytes,
            4 * 16 * patches * patches * 72,
            others,
            {"vit_attention": patches},
        )


CASES: Mapping[str, Callable[[], Iterator[Case]]] = {
    "draw": draw,
    "fake_quant": fake_quant,
    "int4_moe": int4_moe,
    "mla_decode": mla_decode,
    "mla_prefill": mla_prefill,
    "rms_norm": rms_norm,
    "rope": rope,
    "store_latent": store_latent,
    "swiglu": swiglu,
    "topk_gate": topk_gate,
    "vit_attention": vit_attention,
}
