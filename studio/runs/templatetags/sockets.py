"""The addresses of WebSockets, which Django's URL configuration does not know."""

from __future__ import annotations

import uuid

from django import template
from django.urls import get_script_prefix

register = template.Library()


@register.simple_tag
def socket(run_id: uuid.UUID) -> str:
    """Return the path of a run's socket (`studio/runs/routing.py`), below BASE_PATH."""
    return f"{get_script_prefix()}ws/runs/{run_id}"
