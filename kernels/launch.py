"""The one way a Triton kernel is started, so that it can also be written down instead: `check`
compiles what was written down, with the very arguments and constants an operation would launch.
Knows nothing of any operation.
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
    """`matrix`: rows of the tiles it promises to multiply on the matrix units, 0 for none.

    From 64 rows on these are the device's own instructions (wgmma, tcgen05); smaller tiles only
    mma.sync can take.
    """

    kernel: Any
    grid: tuple[int, ...]
    arguments: tuple[Argument, ...]
    constants: Mapping[str, Any]
    warps: int
    stages: int
    matrix: int


_notes: ContextVar[list[Launch] | None] = ContextVar("notes", default=None)


def launch(
    kernel: Any,
    grid: tuple[int, ...],
    *arguments: Argument,
    warps: int = 4,
    stages: int = 3,
    matrix: int = 0,
    **constants: Any,
) -> None:
    """Runs `kernel` on the device of its tensors; an empty grid runs nothing."""
    notes = _notes.get()
    if notes is not None:
        notes.append(Launch(kernel, grid, arguments, constants, warps, stages, matrix))
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
    """Nothing is run within; the list is of what would have been."""
    notes: list[Launch] = []
    token = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(token)


def round_up_to_power_of_two(size: int, least: int = 1) -> int:
    """The smallest power of two that holds `size`; Triton's blocks have no other sizes."""
    return max(least, 1 << max(0, size - 1).bit_length())


def ceil_div(size: int, step: int) -> int:
    return -(-size // step)


def view_as_rows(x: Tensor) -> Tensor:
    """[..., dim] -> [rows, dim] with neighbouring columns side by side; a view where one does."""
    flat = x if x.ndim == 2 else x.reshape(-1, x.shape[-1])
    return flat if flat.stride(-1) == 1 else flat.contiguous()
