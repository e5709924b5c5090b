"""The kinds of values that the fit changes, and numbers written as a person writes them."""

from __future__ import annotations

from typing import Literal

Kind = Literal["length", "size", "color", "ground", "border", "weight", "radius"]


def write_number(number: float, unit: str) -> str:
    """A number as a person writes it."""
    digits = (
        0
        if unit == "px" and abs(number - round(number)) < 0.26
        else 1
        if unit == "px"
        else 4
        if unit
        else 3
    )
    text = f"{number:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    text = "0" if text in ("-0", "") else text
    return text if text == "0" else f"{text}{unit}"
