"""INT4 rounding of a weight, for quantization-aware training."""

from __future__ import annotations

from torch import Tensor

from kernels.dispatch import suits_triton
from kernels.fake_quant import reference
from kernels.int4 import GROUP


def fake_quant(weight: Tensor) -> Tensor:
    """Return `dequantize(quantize(weight))` in weight's dtype, with a straight-through gradient.

    weight [..., out, in]. Raises ValueError when `in` is not a multiple of 32.
    """
    if weight.shape[-1] % GROUP:
        raise ValueError(
            f"weight has {weight.shape[-1]} columns; INT4 needs a multiple of {GROUP}."
        )
    if suits_triton(weight):
        from kernels.fake_quant import gpu

        return gpu.fake_quant(weight)
    return reference.fake_quant(weight)
