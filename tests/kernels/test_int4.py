"""INT4 packing, against the words compressed-tensors itself writes."""

from __future__ import annotations

import pytest
import torch

from kernels import Int4, dequantize, quantize


def test_codes_are_packed_lowest_column_first() -> None:
    codes = torch.arange(-8, 8).repeat(2).float()
    packed = Int4(
        torch.tensor([[1985229328, -19088744] * 2], dtype=torch.int32),
        torch.ones(1, 1, dtype=torch.bfloat16),
    )
    assert torch.equal(dequantize(packed), codes[None].bfloat16())


def test_values_are_rounded_to_the_scales_dtype() -> None:
    scale = torch.tensor([[0.0177001953125]], dtype=torch.bfloat16)
    unpacked = dequantize(
        Int4(torch.full((1, 4), -1, dtype=torch.int32), scale)
    )  # every code 15, q = 7
    assert unpacked.dtype == torch.bfloat16
    assert (
        unpacked[0, 0].item()
        == torch.tensor(7 * scale.item()).bfloat16().item()
        != 7 * scale.item()
    )


def test_packing_what_was_unpacked_gives_the_same_words() -> None:
    weight = quantize(torch.randn(5, 96, generator=torch.Generator().manual_seed(0)))
    again = quantize(dequantize(weight).float())
    assert torch.equal(again.packed, weight.packed)


def test_a_value_is_off_by_half_a_step_at_most() -> None:
    plain = torch.randn(7, 64, generator=torch.Generator().manual_seed(1))
    weight = quantize(plain, dtype=torch.float32)
    step = weight.scale.repeat_interleave(32, dim=-1)
    assert ((dequantize(weight) - plain).abs() <= 0.5001 * step).all()


def test_a_group_of_zeros_stays_zero() -> None:
    weight = quantize(torch.zeros(2, 32))
    assert not weight.scale.any()
    assert not dequantize(weight).any()


def test_columns_must_fill_their_groups() -> None:
    with pytest.raises(ValueError, match="48 columns; INT4 needs a multiple of 32"):
        quantize(torch.zeros(2, 48))
