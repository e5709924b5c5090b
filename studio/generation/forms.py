"""What a person may ask for when starting a run."""

from __future__ import annotations

from django import forms
from django.conf import settings

MOST_WORDS = 4000  # characters of a prompt: a page of text


class StartForm(forms.Form):
    mockup = forms.FileField(allow_empty_file=True, error_messages={"required": "Choose a picture of the page first."})
    prompt = forms.CharField(required=False, max_length=MOST_WORDS)
    rounds = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=20,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "Rounds: use a whole number from 0 to 20."),
    )

    def clean_rounds(self) -> int:
        rounds: int | None = self.cleaned_data["rounds"]
        return settings.RUN_ROUNDS if rounds is None else rounds
