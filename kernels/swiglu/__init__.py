"""The SwiGLU activation."""

from __future__ import annotations

from torch import Tensor

from kernels.dispatch import uses_triton
from kernels.shapes import check_shapes
from kernels.swiglu import reference


def swiglu(gate: Tensor, up: Tensor) -> Tensor:
    """Return silu(gate) · up; all are [tokens, width]. Raises ValueError for other shapes."""
    check_shapes(gate=(gate, ("tokens", "width")), up=(up, ("tokens", "width")))
    if uses_triton(gate, up):
        from kernels.swiglu import gpu

        return gpu.swiglu(gate, up)
    return reference.swiglu(gate, up)
