"""What a person may ask for when starting a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

MOST_WORDS = 4000  # characters of a prompt: a page of text


MOST_FILES = 20  # mockups sent at once


class StartForm(forms.Form):
    """The mockups come beside it: `request.FILES.getlist("mockup")`."""

    prompt = forms.CharField(required=False, max_length=MOST_WORDS)
    rounds = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=20,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "Rounds: use a whole number from 0 to 20."),
    )

    def __init__(self, data: Any = None, files: Sequence[UploadedFile[Any]] = ()) -> None:
        super().__init__(data)
        self.files_sent = files

    def clean(self) -> None:
        if not self.files_sent:
            raise forms.ValidationError("Choose a picture of the page first.")
        if len(self.files_sent) > MOST_FILES:
            raise forms.ValidationError(f"Got {len(self.files_sent)} files; up to {MOST_FILES} are taken at once.")

    def clean_rounds(self) -> int:
        rounds: int | None = self.cleaned_data["rounds"]
        return settings.RUN_ROUNDS if rounds is None else rounds
