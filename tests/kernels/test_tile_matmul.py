"""Tiles hold what was packed, and products of them are exact within a group and the same whatever
stands beside.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from kernels import Int4, dequantize, quantize
from kernels.tile_matmul import cpu, reference
from kernels.tile_matmul.pack import Tiles, pack_int4, pack_int8, unpack


def weight(rows: int, columns: int) -> torch.Tensor:
    return torch.randn(rows, columns, generator=torch.Generator().manual_seed(rows + columns))


def tiles(bits: int, rows: int, columns: int) -> Tiles:
    return (
        pack_int4(quantize(weight(rows, columns)))
        if bits == 4
        else pack_int8(weight(rows, columns))
    )


def product(x: np.ndarray, packed: Tiles, src: np.ndarray | None = None) -> np.ndarray:
    rows, columns = x.shape
    codes = np.empty(x.shape, np.int8)
    scale, total = (
        np.empty((rows, columns // 32), np.float32),
        np.empty((rows, columns // 32), np.int32),
    )
    cpu.quantize_rows(
        x.ctypes.data, rows, columns, codes.ctypes.data, scale.ctypes.data, total.ctypes.data
    )
    src = np.arange(rows) if src is None else src
    dst = np.arange(len(src))
    out = np.full((len(src), -(-packed.rows // 16) * 16), np.nan, np.float32)
    cpu.multiply(
        packed.data.ctypes.data,
        packed.bits,
        packed.rows,
        columns,
        codes.ctypes.data,
        scale.ctypes.data,
        total.ctypes.data,
        src.ctypes.data,
        dst.ctypes.data,
        len(src),
        out.ctypes.data,
        out.shape[1],
    )
    return out[:, : packed.rows]


@pytest.mark.parametrize("shape", [(16, 32), (48, 96), (7, 32), (33, 160)])
def test_int4_tiles_hold_the_checkpoints_codes_and_scales(shape: tuple[int, int]) -> None:
    held = quantize(weight(*shape))
    values, scales = unpack(pack_int4(held))
    assert np.array_equal(scales, held.scale.float().numpy())
    whole = values.reshape(*scales.shape, 32) * scales[..., None]
    wanted = dequantize(Int4(held.packed, held.scale.float()))
    assert np.array_equal(whole.reshape(shape), wanted.numpy())


def test_int8_tiles_are_off_by_half_a_step_at_most_and_zeros_stay_zeros() -> None:
    plain = weight(33, 96)
    plain[5, :32] = 0
    values, scales = unpack(pack_int8(plain))
    whole = (values.reshape(33, 3, 32) * scales[..., None]).reshape(33, 96)
    steps = np.repeat(scales, 32, axis=1)
    assert (np.abs(whole - plain.numpy()) <= 0.5 * steps + 1e-7).all()
    assert not whole[5, :32].any()


@pytest.mark.parametrize("bits", [4, 8])
@pytest.mark.parametrize("tokens", [1, 2, 3, 7, 8, 21])
def test_products_are_those_of_the_reference(bits: int, tokens: int) -> None:
    x = np.random.default_rng(tokens).normal(size=(tokens, 96)).astype(np.float32)
    x[0, :32] = 0
    packed = tiles(bits, 40, 96)
    np.testing.assert_allclose(
        product(x, packed), reference.tile_matmul(x, packed), rtol=1e-5, atol=1e-5
    )


@pytest.mark.parametrize("bits", [4, 8])
def test_a_row_is_the_same_alone_and_among_others_and_may_be_taken_from_anywhere(bits: int) -> None:
    x = np.random.default_rng(0).normal(size=(13, 64)).astype(np.float32)
    packed = tiles(bits, 32, 64)
    together = product(x, packed)
    for row in range(13):
        assert np.array_equal(product(x[row : row + 1].copy(), packed)[0], together[row])
    some = np.array([12, 3, 3, 0])
    assert np.array_equal(product(x, packed, some), together[some])


def test_a_cpu_without_the_dot_instruction_computes_the_same() -> None:
    """In a process of its own: what code is made for is settled when numba is loaded."""
    if os.environ.get("NUMBA_CPU_NAME"):
        assert not cpu.VNNI
        return
    plain = {"NUMBA_CPU_NAME": "x86-64-v3", "NUMBA_CPU_FEATURES": "+avx2,+fma"}
    found = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            __file__,
            "-k",
            "products or without",
        ],
        env={**os.environ, **plain},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout[-2000:]
