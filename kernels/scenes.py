"""The Triton launches of every operation at typical shapes, recorded with meta tensors.

The shapes are those of K2.6 and, where they need another kernel, those of a small model.
`python -m kernels check` compiles these launches.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import Any

import torch
from torch import Tensor

from kernels.int4_moe.shuffled import BLOCK, Shuffled
from kernels.launch import Launch, ceil_div, record_launches

BF16, I32, I64, F32 = torch.bfloat16, torch.int32, torch.int64, torch.float32


def make_nothing(*shape: int, dtype: torch.dtype = BF16) -> Tensor:
    """Return a tensor without memory."""
    return torch.empty(shape, dtype=dtype, device="meta")


def list_launches(operation: str) -> dict[str, list[Launch]]:
    """Return the launches of each scene of an operation, by the scene's label."""
    launches: dict[str, list[Launch]] = {}
    gpu: Any = import_module(f"kernels.{operation}.gpu")
    for label, call in SCENES[operation].items():
        with record_launches() as recorded:
            call(gpu)
        launches[label] = recorded
    return launches


def _gate(
    gpu: Any, tokens: int, hidden: int, experts: int, top_k: int, dtype: torch.dtype = BF16
) -> None:
    gpu.topk_gate(
        make_nothing(tokens, hidden),
        make_nothing(experts, hidden, dtype=dtype),
        make_nothing(experts, dtype=F32),
        top_k=top_k,
        groups=1,
        top_groups=1,
        normalize=True,
        factor=2.827,
    )


def _experts(
    gpu: Any, tokens: int, hidden: int = 7168, width: int = 2048, experts: int = 384, top_k: int = 8
) -> None:
    def weight(rows: int, columns: int) -> Shuffled:
        blocks = ceil_div(columns, BLOCK)
        words = make_nothing(experts, blocks, rows, 32, dtype=torch.int16)
        return Shuffled(words, make_nothing(experts, blocks, rows, 4), columns)

    chosen = make_nothing(tokens, top_k, dtype=I64), make_nothing(tokens, top_k, dtype=F32)
    gpu.int4_moe(
        make_nothing(tokens, hidden),
        *chosen,
        weight(width, hidden),
        weight(width, hidden),
        weight(hidden, width),
    )


def _decode(
    gpu: Any, sequences: int, blocks: int, heads: int = 64, rank: int = 512, rope: int = 64
) -> None:
    cache = make_nothing(sequences * blocks, 16, rank + rope)
    where = (
        make_nothing(sequences + 1, dtype=I32),
        make_nothing(sequences, dtype=I32),
        make_nothing(sequences, blocks, dtype=I32),
    )
    gpu.mla_decode(make_nothing(sequences, heads, rank + rope), cache, *where, 0.1, rank)


def _prefill(
    gpu: Any,
    tokens: int,
    sequences: int,
    blocks: int,
    heads: int = 64,
    nope: int = 128,
    rope: int = 64,
    rank: int = 512,
) -> None:
    q = make_nothing(tokens, heads, nope + rope)
    where = (
        make_nothing(sequences + 1, dtype=I32),
        make_nothing(sequences, dtype=I32),
        make_nothing(sequences, blocks, dtype=I32),
    )
    cache = make_nothing(sequences * blocks, 16, rank + rope)
    kv_b = make_nothing(heads, 2 * nope, rank)
    gpu.mla_prefill(q[..., :nope], q[..., nope:], cache, kv_b, *where, 0.1)


SCENES: Mapping[str, Mapping[str, Callable[[Any], object]]] = {
    "draw": {
        "163,840": lambda gpu: gpu.draw(
            make_nothing(8, 163_840, dtype=F32), *(make_nothing(8, dtype=F32) for _ in range(4))
        ),
    },
    "fake_quant": {
        "float32": lambda gpu: gpu.fake_quant(make_nothing(384, 2048, 7168, dtype=F32)),
    },
    "int4_moe": {
        **{
            f"k2.6, {tokens} tokens": partial(_experts, tokens=tokens)
            for tokens in (1, 64, 1024, 8192)
        },
        "small, 64 tokens": partial(
            _experts, tokens=64, hidden=512, width=160, experts=32, top_k=4
        ),
    },
    "mla_decode": {
        "k2.6, 1 of 32k": partial(_decode, sequences=1, blocks=2048),
        "k2.6, 64 of 32k": partial(_decode, sequences=64, blocks=2048),
        "small, 8 of 4k": partial(_decode, sequences=8, blocks=256, heads=8, rank=128, rope=32),
    },
    "mla_prefill": {
        "k2.6, 512 of 4k": partial(_prefill, tokens=512, sequences=1, blocks=256),
        "k2.6, 1024 of 32k": partial(_prefill, tokens=1024, sequences=2, blocks=2048),
        "small, 512 of 4k": partial(
            _prefill, tokens=512, sequences=1, blocks=256, heads=8, nope=64, rope=32, rank=128
        ),
    },
    "rms_norm": {
        "7168": lambda gpu: gpu.rms_norm(make_nothing(64, 7168), make_nothing(7168), 1e-5),
        "512 of 576": lambda gpu: gpu.rms_norm(
            make_nothing(64, 576)[:, :512], make_nothing(512), 1e-6
        ),
        "7168, of a sum": lambda gpu: gpu.add_rms_norm(
            make_nothing(64, 7168), make_nothing(64, 7168), make_nothing(7168), 1e-5
        ),
    },
    "rope": {
        "64 heads": lambda gpu: gpu.rope(
            make_nothing(64, 64, 192)[..., 128:],
            make_nothing(64, 32, dtype=F32),
            make_nothing(64, 32, dtype=F32),
        ),
        "vision": lambda gpu: gpu.rope(
            make_nothing(4096, 16, 72),
            make_nothing(4096, 36, dtype=F32),
            make_nothing(4096, 36, dtype=F32),
        ),
    },
    "store_latent": {
        "512 + 64": lambda gpu: gpu.store_latent(
            make_nothing(64, 512),
            make_nothing(64, 64),
            make_nothing(1024, 16, 576),
            make_nothing(64, dtype=I64),
        ),
    },
    "swiglu": {
        "2048": lambda gpu: gpu.swiglu(make_nothing(64, 2048), make_nothing(64, 2048)),
    },
    "topk_gate": {
        "1 token": lambda gpu: _gate(gpu, 1, 7168, 384, 8),
        "1024 tokens": lambda gpu: _gate(gpu, 1024, 7168, 384, 8),
        "float32 weights": lambda gpu: _gate(gpu, 64, 256, 16, 2, F32),
    },
    "vit_attention": {
        "4096 patches": lambda gpu: gpu.vit_attention(
            *make_nothing(4096, 3, 16, 72).unbind(1), make_nothing(2, dtype=I32), 72**-0.5
        ),
    },
}
