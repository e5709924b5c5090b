"""The vision tower's attention in Triton: packed items of any size, head dims that are no power of
two.
"""

from __future__ import annotations

import pytest
import torch

from kernels.vit_attention import gpu, reference
from tests.kernels.gpu.exact import DEVICE, REAL, bound, noise, relative

ROUNDINGS = {torch.float32: 60, torch.bfloat16: 3}
SHAPES = [
    # items, heads, head dim
    pytest.param([1], 1, 72, id="one-patch"),
    pytest.param([5, 1, 11], 2, 72, id="odd"),
    pytest.param([70, 130], 1, 72, id="several-tiles"),
    pytest.param([9], 2, 8, id="small-heads"),
    pytest.param([9], 2, 64, id="no-tail"),
    pytest.param([20], 1, 100, id="large-tail"),
    pytest.param([4096, 64, 1000], 16, 72, id="k2.6"),
][: 7 if REAL else 6]


@pytest.mark.parametrize(
    "dtype", [pytest.param(d, id=str(d).removeprefix("torch.")) for d in ROUNDINGS]
)
@pytest.mark.parametrize(("items", "heads", "dim"), SHAPES)
def test_patches_see_their_own_item(
    items: list[int], heads: int, dim: int, dtype: torch.dtype
) -> None:
    if REAL and dtype == torch.float32 and sum(items) > 1000:
        pytest.skip("float32 tiles of this size are not tuned, and no model has them")
    q, k, v = noise(sum(items), 3, heads, dim, dtype=dtype).unbind(1)
    starts = torch.tensor([0, *items]).cumsum(0)
    ours = gpu.vit_attention(q, k, v, starts, dim**-0.5)
    right = reference.vit_attention(*(x.double() for x in (q, k, v)), starts, dim**-0.5)
    assert ours.dtype == dtype
    assert relative(ours, right) < bound(dtype, ROUNDINGS[dtype])


def test_a_patch_of_another_item_would_be_noticed() -> None:
    q, k, v = (noise(17, 2, 24, seed=seed) for seed in range(3))
    ours = gpu.vit_attention(q, k, v, torch.tensor([0, 6, 17], device=DEVICE), 0.2)
    right = reference.vit_attention(q, k, v, torch.tensor([0, 5, 17]), 0.2)
    assert relative(ours[6:], right[6:]) > 1000 * bound(torch.float32, 60)
