"""Sequences in a paged cache, and attention over them in float64."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.mla_decode import reference as decode_reference
from kernels.mla_prefill import reference as prefill_reference
from tests.kernels.gpu.exact import DEVICE, noise

Where = tuple[Tensor, Tensor, Tensor]  # query_start, context, block_table


def pages(
    lengths: list[int], news: list[int], size: int, width: int, dtype: torch.dtype
) -> tuple[Tensor, Where]:
    """Blocks in no order, one to a sequence more than it needs; NaN where no token of these
    sequences is.
    """
    needed = [-(-length // size) for length in lengths]
    order = torch.randperm(sum(needed) + 2, generator=torch.Generator().manual_seed(9)).tolist()
    cache = torch.full((len(order), size, width), torch.nan, dtype=dtype, device=DEVICE)
    table = torch.full((len(lengths), max(needed) + 1), -1, dtype=torch.int32)
    for i, (length, count) in enumerate(zip(lengths, needed, strict=True)):
        held = noise(length, width, seed=100 + i, dtype=dtype)
        for j in range(count):
            table[i, j] = order.pop()
            part = held[j * size : (j + 1) * size]
            cache[int(table[i, j]), : len(part)] = part
    start = torch.tensor([0, *news]).cumsum(0).int().to(DEVICE)
    return cache, (start, torch.tensor(lengths, dtype=torch.int32, device=DEVICE), table.to(DEVICE))


def decoded(q: Tensor, cache: Tensor, where: Where, scale: float, rank: int) -> Tensor:
    cpu = [t.cpu() for t in where]
    return decode_reference.mla_decode(q.double().cpu(), cache.double().cpu(), *cpu, scale, rank)


def prefilled(
    q_nope: Tensor, q_rope: Tensor, cache: Tensor, kv_b: Tensor, where: Where, scale: float
) -> Tensor:
    cpu = [t.cpu() for t in where]
    wide = [t.double().cpu() for t in (q_nope, q_rope, cache, kv_b)]
    return prefill_reference.mla_prefill(*wide, *cpu, scale)
