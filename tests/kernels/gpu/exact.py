"""Inputs, and how far a kernel may be from the truth in float64."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from kernels.dispatch import is_interpreted

DEVICE = "cuda" if torch.cuda.is_available() and not is_interpreted() else "cpu"
REAL = DEVICE == "cuda"  # real sizes: the interpreter takes 6 ms for each program and step

# Half a unit in the last place, as a part of the number.
UNIT = {torch.float32: 2.0**-24, torch.bfloat16: 2.0**-9}


def bound(dtype: torch.dtype, roundings: int) -> float:
    """The relative RMS error of so many roundings, with half as much again for chance.

    One rounding is off by at most a unit and evenly spread below it, so its RMS is at most unit /
    √3; independent ones add up as their squares do.
    """
    return 1.5 * UNIT[dtype] * math.sqrt(roundings / 3)


def noise(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float32) -> Tensor:
    values = torch.randn(shape, generator=torch.Generator().manual_seed(seed))
    return values.to(dtype).to(DEVICE)


def relative(ours: Tensor, right: Tensor) -> float:
    """‖ours − right‖ / ‖right‖; NaN for a NaN anywhere, which is below no bound."""
    ours, right = ours.double().cpu(), right.double().cpu()
    return float((ours - right).square().mean().sqrt() / right.square().mean().sqrt())
