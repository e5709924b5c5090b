"""Validation of the shapes of an operation's arguments."""

from __future__ import annotations

from torch import Tensor


def check_shapes(**arguments: tuple[Tensor, tuple[str | int, ...]]) -> dict[str, int]:
    """Check that dimensions with the same name have the same size, and return the sizes by name.

    Each argument is (tensor, dimensions). A dimension is a name or a number; a leading "…" stands
    for any number of dimensions. Raises ValueError with the argument, its shape and the expected
    one.
    """
    sizes: dict[str, int] = {}
    for argument, (tensor, dimensions) in arguments.items():
        shape = tuple(tensor.shape)
        expected = dimensions
        if dimensions[:1] == ("…",):
            expected = dimensions[1:]
            shape = shape[max(0, len(shape) - len(expected)) :]
        fits = len(shape) == len(expected) and all(
            size == (dimension if isinstance(dimension, int) else sizes.setdefault(dimension, size))
            for size, dimension in zip(shape, expected, strict=True)
        )
        if not fits:
            names = ", ".join(_describe_dimension(dimension, sizes) for dimension in dimensions)
            raise ValueError(f"{argument} is {list(tensor.shape)}; it must be [{names}].")
    return sizes


def _describe_dimension(dimension: str | int, sizes: dict[str, int]) -> str:
    if isinstance(dimension, str) and dimension in sizes:
        return f"{dimension}={sizes[dimension]}"
    return str(dimension)
