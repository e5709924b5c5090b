"""SwiGLU in one pass, in float32 and rounded once (the reference also rounds the SiLU)."""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from kernels.language import narrow, sigmoid
from kernels.launch import ceil_div, launch, round_up_to_power_of_two, view_as_rows

COLUMNS = 1024  # for each program: 16 bytes of bf16 for each of 128 threads


@triton.jit
def multiply(p_gate, p_up, p_out, gate_row, up_row, width, COLUMNS: tl.constexpr):
    i_row = tl.program_id(0).to(tl.int64)
    o_column = tl.program_id(1) * COLUMNS + tl.arange(0, COLUMNS)
    held = o_column < width
    b_gate = tl.load(p_gate + i_row * gate_row + o_column, mask=held, other=0.0).to(tl.float32)
    b_up = tl.load(p_up + i_row * up_row + o_column, mask=held, other=0.0).to(tl.float32)
    b_out = narrow(b_gate * sigmoid(b_gate) * b_up, p_out.dtype.element_ty)
    tl.store(p_out + i_row * width + o_column, b_out, mask=held)


def swiglu(gate: Tensor, up: Tensor) -> Tensor:
    out = torch.empty(gate.shape, dtype=gate.dtype, device=gate.device)
    gate, up = view_as_rows(gate), view_as_rows(up)
    rows, width = gate.shape
    columns = min(COLUMNS, round_up_to_power_of_two(width))
    launch(
        multiply,
        (rows, ceil_div(width, columns)),
        gate,
        up,
        out,
        gate.stride(0),
        up.stride(0),
        width,
        COLUMNS=columns,
        stages=1,
    )
    return out
