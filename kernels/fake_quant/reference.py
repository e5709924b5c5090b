"""Reference of `fake_quant`: pack to INT4 and unpack; the gradient is passed on unchanged."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from kernels.int4 import dequantize, quantize


class FakeQuant(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, weight: Tensor) -> Tensor:
        return dequantize(quantize(weight)).to(weight.dtype)

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> Tensor:
        return gradients[0]


def fake_quant(weight: Tensor) -> Tensor:
    out: Tensor = FakeQuant.apply(weight)  # type: ignore[no-untyped-call]
    return out
