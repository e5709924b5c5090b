"""INT4 weights in the order a GPU reads them: the checkpoint's bits, nothing lost."""

from __future__ import annotations

import pytest
import torch

from kernels import Int4, quantize, shuffle, unshuffle


@pytest.mark.parametrize(("rows", "columns"), [(3, 32), (8, 128), (5, 160), (16, 416)])
def test_shuffling_is_undone_bit_for_bit(rows: int, columns: int) -> None:
    random = torch.Generator().manual_seed(columns)
    packed = torch.randint(-(2**31), 2**31, (4, rows, columns // 8), generator=random).to(
        torch.int32
    )
    experts = [
        Int4(words, torch.rand(rows, columns // 32, generator=random).bfloat16())
        for words in packed
    ]
    for before, after in zip(experts, unshuffle(shuffle(experts)), strict=True):
        assert torch.equal(before.packed, after.packed)
        assert torch.equal(before.scale, after.scale)


def test_a_halfword_holds_the_same_column_of_four_groups() -> None:
    codes = torch.zeros(1, 128, dtype=torch.uint8)
    codes[0, [3, 35, 67, 99]] = torch.tensor([1, 2, 3, 4], dtype=torch.uint8)
    packed = (codes[:, 0::2] | (codes[:, 1::2] << 4)).contiguous().view(torch.int32)
    turned = shuffle([Int4(packed, torch.ones(1, 4).bfloat16())])
    assert turned.words[0, 0, 0].tolist() == [0, 0, 0, 0x4321] + [0] * 28


def test_whole_blocks_take_not_a_byte_more() -> None:
    weight = quantize(torch.randn(64, 256))
    turned = shuffle([weight])
    held = turned.words.nbytes + turned.scales.nbytes
    assert held == weight.packed.nbytes + weight.scale.nbytes == 0.5625 * weight.packed.numel() * 8


def test_scales_of_another_kind_are_refused() -> None:
    with pytest.raises(
        ValueError, match=r"scales are torch.float32; on a GPU they must be torch.bfloat16"
    ):
        shuffle([quantize(torch.randn(4, 32), dtype=torch.float32)])
