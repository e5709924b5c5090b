"""The template tag that shows a run's comments on pages of other apps."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from studio.collaboration import selectors
from studio.runs.models import Run

register = template.Library()


@register.inclusion_tag("collaboration/comments.html", takes_context=True)
def comments(context: Context, run: Run) -> dict[str, Any]:
    return selectors.list_comments(run, context["user"])
