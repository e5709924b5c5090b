"""Names that are not taken yet."""

from __future__ import annotations

from collections.abc import Container


def find_free_name(name: str, taken: Container[str], separator: str = "-") -> str:
    """Return the name, or if it is taken the first of `name-2`, `name-3`, … that is not."""
    free = name
    number = 1
    while free in taken:
        number += 1
        free = f"{name}{separator}{number}"
    return free
