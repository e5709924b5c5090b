"""How numbers and lists are written for people."""

from __future__ import annotations

import math
from typing import Literal

from django import template

register = template.Library()


@register.filter
def percent(value: float | Literal[""] | None) -> str:
    """0.98167 → '98.1 %'. Rounded down: only what is identical may say 100 %. A template without
    the value sends ''.
    """
    return "–" if value is None or value == "" else f"{math.floor(value * 1000 + 1e-9) / 10:.1f} %"


@register.filter
def share(value: float) -> str:
    """Of what is lost: 0.1234 → '12 %'."""
    return "less than 1 %" if value < 0.01 else f"{value * 100:.0f} %"


@register.filter
def words(text: str) -> list[str]:
    return text.split()
