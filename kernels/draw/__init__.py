"""Sampling of a token from logits."""

from __future__ import annotations

from torch import Tensor

from kernels.dispatch import uses_triton
from kernels.draw import reference
from kernels.shapes import check_shapes


def draw(
    logits: Tensor, temperature: Tensor, top_p: Tensor, min_p: Tensor, uniform: Tensor
) -> Tensor:
    """Return a token for each row [rows] int64.

    logits [rows, vocab] float32; the others [rows] float32, `uniform` in [0, 1). The most likely
    tokens that together reach `top_p` are kept (of equal ones those with lower ids), if they are at
    least `min_p` times as likely as the most likely one. `uniform` is looked up in their cumulative
    probabilities, in order of their ids. Raises ValueError for other shapes.
    """
    rows = ("rows",)
    check_shapes(
        logits=(logits, ("rows", "vocab")),
        temperature=(temperature, rows),
        top_p=(top_p, rows),
        min_p=(min_p, rows),
        uniform=(uniform, rows),
    )
    if uses_triton(logits):
        from kernels.draw import gpu

        return gpu.draw(logits, temperature, top_p, min_p, uniform)
    return reference.draw(logits, temperature, top_p, min_p, uniform)
