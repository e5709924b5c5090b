"""Root mean square norm."""

from __future__ import annotations

from torch import Tensor

from kernels.rms_norm import reference
from kernels.shapes import check_shapes


def rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """x [..., dim], weight [dim] -> [..., dim] in x's dtype; raises ValueError for other shapes."""
    check_shapes(x=(x, ("…", "dim")), weight=(weight, ("dim",)))
    return reference.rms_norm(x, weight, eps)
