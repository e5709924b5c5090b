"""What may be said and shared."""

from __future__ import annotations

from typing import Any

from django import forms

MOST_WORDS = 2000  # characters of a comment
DAYS = (1, 7, 30, 90)


class ShareForm(forms.Form):
    days = forms.TypedChoiceField(
        choices=[(days, days) for days in DAYS],
        coerce=int,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), f"A link lasts {', '.join(map(str, DAYS[:-1]))} or {DAYS[-1]} days."
        ),
    )


class CommentForm(forms.Form):
    text = forms.CharField(
        max_length=MOST_WORDS,
        error_messages={
            "required": "Say something first.",
            "max_length": f"A comment has up to {MOST_WORDS} characters.",
        },
    )
    attempt = forms.IntegerField(required=False, min_value=0, max_value=32_000)
    element = forms.CharField(required=False, max_length=500)
    box = forms.JSONField(required=False)

    def clean_box(self) -> list[float] | None:
        box: Any = self.cleaned_data["box"]
        if box is None:
            return None
        if not (isinstance(box, list) and len(box) == 4 and all(isinstance(side, int | float) for side in box)):
            raise forms.ValidationError("A comment's place is four numbers: x, y, width, height.")
        return [round(float(side), 1) for side in box]
