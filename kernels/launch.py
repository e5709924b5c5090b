"""Launching of Triton kernels. Launches can be recorded instead of run.

`python -m kernels check` compiles recorded launches, with the same arguments and constants as in an
operation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

Argument = Tensor | int | float


@dataclass(frozen=True)
class Launch:
    """A kernel with its arguments and options.

    `matrix`: rows of the tiles that the matrix units should multiply, 0 for none. From 64 rows on
    these are the device's own instructions (wgmma, tcgen05); smaller tiles use mma.sync.
    """

    kernel: Any
    grid: tuple[int, ...]
    arguments: tuple[Argument, ...]
    constants: Mapping[str, Any]
    warps: int
    stages: int
    matrix: int


_recorded: ContextVar[list[Launch] | None] = ContextVar("recorded", default=None)


def launch(
    kernel: Any,
    grid: tuple[int, ...],
    *arguments: Argument,
    warps: int = 4,
    stages: int = 3,
    matrix: int = 0,
    **constants: Any,
) -> None:
    """Run `kernel` on the device of its tensors; an empty grid runs nothing."""
    recorded = _recorded.get()
    if recorded is not None:
        recorded.append(Launch(kernel, grid, arguments, constants, warps, stages, matrix))
        return
    if 0 in grid:
        return
    device = next(argument.device for argument in arguments if isinstance(argument, Tensor))
    if device.type == "cuda" and device.index != torch.cuda.current_device():
        with torch.cuda.device(device):
            kernel[grid](*arguments, **constants, num_warps=warps, num_stages=stages)
    else:
        kernel[grid](*arguments, **constants, num_warps=warps, num_stages=stages)


@contextmanager
def record_launches() -> Iterator[list[Launch]]:
    """Record the launches of the `with` block in the list, instead of running them."""
    recorded: list[Launch] = []
    token = _recorded.set(recorded)
    try:
        yield recorded
    finally:
        _recorded.reset(token)


def round_up_to_power_of_two(size: int, least: int = 1) -> int:
    """Return the smallest power of two that is at least `size`, as Triton's blocks require."""
    return max(least, 1 << max(0, size - 1).bit_length())


def ceil_div(size: int, step: int) -> int:
    """Return the number of steps that cover `size`."""
    return -(-size // step)


def view_as_rows(x: Tensor) -> Tensor:
    """Return x [..., dim] as [rows, dim] with contiguous rows; a view where possible."""
    flat = x if x.ndim == 2 else x.reshape(-1, x.shape[-1])
    return flat if flat.stride(-1) == 1 else flat.contiguous()
