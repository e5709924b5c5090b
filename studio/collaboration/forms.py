"""Forms for comments and share links."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy

MOST_WORDS = 2000  # characters of a comment
MOST_PIXELS = 1_000_000  # CSS pixels; browsers stop layout at 33 million
DAYS = (1, 7, 30, 90)


class ShareForm(forms.Form):
    days = forms.TypedChoiceField(
        choices=[(days, days) for days in DAYS],
        coerce=int,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"),
            format_lazy(
                gettext_lazy("Days: use {days} or {longest}."),
                days=", ".join(map(str, DAYS[:-1])),
                longest=DAYS[-1],
            ),
        ),
    )


class CommentForm(forms.Form):
    text = forms.CharField(
        max_length=MOST_WORDS,
        error_messages={
            "required": gettext_lazy("Write a comment first."),
            "max_length": format_lazy(
                gettext_lazy("A comment may have up to {most} characters."), most=MOST_WORDS
            ),
        },
    )
    attempt = forms.IntegerField(required=False, min_value=0, max_value=32_000)
    element = forms.CharField(required=False, max_length=500)
    box = forms.CharField(required=False, max_length=200)  # JSON

    def clean_box(self) -> list[float] | None:
        try:
            box: Any = json.loads(self.cleaned_data["box"] or "null")
        except (ValueError, RecursionError):
            box = ()
        if box is None:
            return None
        if not (isinstance(box, list) and len(box) == 4 and all(is_length(side) for side in box)):
            raise forms.ValidationError(gettext("box: use four numbers: x, y, width, height."))
        return [round(float(side), 1) for side in box]


def is_length(value: object) -> bool:
    """Return True for a plausible length in CSS pixels; False for NaN and infinity."""
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and -MOST_PIXELS <= value <= MOST_PIXELS
    )
