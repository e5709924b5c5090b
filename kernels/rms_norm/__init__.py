"""Root mean square norm of a tensor or of a sum."""

from __future__ import annotations

from torch import Tensor

from kernels.dispatch import uses_triton
from kernels.rms_norm import reference
from kernels.shapes import check_shapes


def rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """Return the norm of x [..., dim], times weight [dim], in x's dtype.

    Raises ValueError for other shapes.
    """
    check_shapes(x=(x, ("…", "dim")), weight=(weight, ("dim",)))
    if uses_triton(x, weight):
        from kernels.rms_norm import gpu

        return gpu.rms_norm(x, weight, eps)
    return reference.rms_norm(x, weight, eps)


def add_rms_norm(x: Tensor, residual: Tensor, weight: Tensor, eps: float) -> tuple[Tensor, Tensor]:
    """Return (the norm of x + residual, x + residual), both [tokens, dim].

    x, residual [tokens, dim] of the same dtype; weight [dim]. Raises ValueError for other shapes.
    """
    check_shapes(
        x=(x, ("tokens", "dim")), residual=(residual, ("tokens", "dim")), weight=(weight, ("dim",))
    )
    if uses_triton(x, residual, weight):
        from kernels.rms_norm import gpu

        return gpu.add_rms_norm(x, residual, weight, eps)
    return reference.add_rms_norm(x, residual, weight, eps)
