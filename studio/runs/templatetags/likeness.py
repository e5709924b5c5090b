"""Template filters that format numbers and texts."""

from __future__ import annotations

import math
from typing import Literal

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.filter
def percent(value: float | Literal[""] | None) -> str:
    """Format 0.98167 as "98.1 %"; templates without a value pass "".

    Rounded down, so that only 1.0 gives 100 %.
    """
    return "–" if value is None or value == "" else f"{math.floor(value * 1000 + 1e-9) / 10:.1f} %"


@register.filter
def share(value: float) -> str:
    """Format a share of the loss: 0.1234 as "12 %"."""
    return gettext("less than 1 %") if value < 0.01 else f"{value * 100:.0f} %"


@register.filter
def words(text: str) -> list[str]:
    return text.split()
