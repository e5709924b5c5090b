"""Shapes, checked at an operation's door. Knows nothing of what is computed behind it."""

from __future__ import annotations

from torch import Tensor


def check_shapes(**arguments: tuple[Tensor, tuple[str | int, ...]]) -> dict[str, int]:
    """The sizes by name, once every argument's dimensions have the sizes its names stand for.

    Each argument is (tensor, its dimensions); a dimension is a name, one size wherever it stands,
    or a number; a leading "…" stands for any number of dimensions. Raises ValueError, naming the
    argument, its shape and the expected one.
    """
    sizes: dict[str, int] = {}
    for argument, (tensor, dimensions) in arguments.items():
        shape = tuple(tensor.shape)
        wanted = dimensions
        if dimensions[:1] == ("…",):
            wanted = dimensions[1:]
            shape = shape[len(shape) - len(wanted) :] if len(shape) >= len(wanted) else shape
        fits = len(shape) == len(wanted) and all(
            size == (dimension if isinstance(dimension, int) else sizes.setdefault(dimension, size))
            for size, dimension in zip(shape, wanted, strict=True)
        )
        if not fits:
            known = [
                f"{d}={sizes[d]}" if isinstance(d, str) and d in sizes else str(d)
                for d in dimensions
            ]
            raise ValueError(
                f"{argument} is {list(tensor.shape)}; it must be [{', '.join(known)}]."
            )
    return sizes
