"""How a likeness is written for people."""

from __future__ import annotations

import math

from django import template

register = template.Library()


@register.filter
def percent(value: float | None) -> str:
    """0.98167 → '98.1 %'. Rounded down: only what is identical may say 100 %."""
    return "–" if value is None else f"{math.floor(value * 1000 + 1e-9) / 10:.1f} %"
