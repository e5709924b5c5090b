"""Compiled latent attention against the reference: any lengths, blocks in any order, nothing beyond
its tokens read.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch

from kernels.mla_decode import reference
from kernels.mla_decode.cpu import KEYS, mla_decode

BLOCK, RANK, ROPE = 8, 32, 16


@pytest.mark.parametrize("heads", [1, 4, 8, 64])
@pytest.mark.parametrize(
    "lengths", [((1, 1),), ((5, 5), (1, 40)), ((1, 17), (9, 64), (33, 33), (1, 8))]
)
def test_it_agrees_with_the_reference(heads: int, lengths: tuple[tuple[int, int], ...]) -> None:
    draw = torch.Generator().manual_seed(heads)
    tokens = sum(new for new, _ in lengths)
    q = torch.randn(tokens, heads, RANK + ROPE, generator=draw)
    cache = torch.full((40, BLOCK, RANK + ROPE), torch.nan, dtype=torch.float16)
    free = torch.randperm(40, generator=draw).tolist()
    table = torch.full((len(lengths), 9), -1, dtype=torch.int32)
    for row, (_, context) in enumerate(lengths):
        for place in range(context):
            if place % BLOCK == 0:
                table[row, place // BLOCK] = free.pop()
            cache[int(table[row, place // BLOCK]), place % BLOCK] = torch.randn(
                RANK + ROPE, generator=draw
            )
    start = torch.tensor([0, *(new for new, _ in lengths)]).cumsum(0).int()
    context = torch.tensor([context for _, context in lengths], dtype=torch.int32)
    wanted = reference.mla_decode(q, cache.float(), start, context, table, 0.2, RANK)
    out = np.full((tokens, heads, RANK), np.nan, np.float32)
    flat = cache.flatten(0, 1).view(torch.int16).numpy()
    where = start.numpy(), context.numpy(), table.numpy()
    mla_decode(q.numpy(), flat.ctypes.data, BLOCK, *where, np.float32(0.2), RANK, out)
    np.testing.assert_allclose(out, wanted.numpy(), rtol=2e-4, atol=2e-5)


def test_a_token_sees_the_same_alone_and_at_the_end_of_many() -> None:
    """Over several pieces of keys, the last of them begun."""
    tokens = KEYS + 5
    draw = torch.Generator().manual_seed(1)
    q = torch.randn(tokens, 4, RANK + ROPE, generator=draw).numpy()
    cache = torch.randn(tokens, RANK + ROPE, generator=draw).half().view(torch.int16).numpy()
    table = np.arange(-(-tokens // BLOCK), dtype=np.int32)[None]

    def attend(first: int, last: int) -> np.ndarray:
        out = np.full((last - first, 4, RANK), np.nan, np.float32)
        start, context = np.array([0, last - first], np.int32), np.array([last], np.int32)
        own = q[first:last].copy()
        mla_decode(own, cache.ctypes.data, BLOCK, start, context, table, np.float32(0.2), RANK, out)
        return out

    together = attend(0, tokens)
    for token in (0, 3, KEYS - 1, KEYS, tokens - 1):
        assert np.array_equal(attend(token, token + 1)[0], together[token])
