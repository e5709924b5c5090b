"""The kinds of values that the fit changes, and the writing of numbers."""

from __future__ import annotations

from typing import Literal

NEAR_WHOLE = 0.26  # px within which whole px are written

Kind = Literal["length", "size", "color", "ground", "border", "weight", "radius"]


def write_number(number: float, unit: str) -> str:
    """Return a number with its unit, as a person writes it."""
    text = f"{number:.{_count_digits(number, unit)}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in ("-0", "", "0"):
        return "0"
    return f"{text}{unit}"


def _count_digits(number: float, unit: str) -> int:
    """Return the number of decimals to write."""
    if unit == "px":
        return 0 if abs(number - round(number)) < NEAR_WHOLE else 1
    return 4 if unit else 3
