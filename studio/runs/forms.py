"""Forms that start runs and follow-ups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy

from studio.capture.addresses import CaptureError, read_optional_address
from studio.capture.widths import LEAST_WIDTH, MOST_WIDTH
from studio.pipeline.loop.limits import MOST_CANDIDATES
from studio.runs.model_choices import DRAFT, ModelChoice
from studio.runs.models import Run

MOST_WORDS = 4000  # characters of a prompt: one page of text
UNKNOWN_MODEL = gettext_lazy("That model is not among this team's connections; choose another one.")
MOST_FILES = 20  # mockups sent at once
LEAST_SCALE, MOST_SCALE = (
    0.5,
    4.0,
)  # device pixel ratios: half-size exports of designs to the sharpest phones


def _number(name: Promise, least: int, most: int) -> forms.IntegerField:
    words = dict.fromkeys(
        ("invalid", "min_value", "max_value"),
        format_lazy(
            gettext_lazy("{name}: use a whole number from {least} to {most}."),
            name=name,
            least=least,
            most=most,
        ),
    )
    return forms.IntegerField(required=False, min_value=least, max_value=most, error_messages=words)


class StartForm(forms.Form):
    """The start form. Mockups are passed separately: `request.FILES.getlist("mockup")`."""

    prompt = forms.CharField(required=False, max_length=MOST_WORDS)
    stack = forms.ChoiceField(
        required=False,
        choices=Run.Stack.choices,
        error_messages={
            "invalid_choice": format_lazy(
                gettext_lazy("Stack: use one of {stacks}."), stacks=", ".join(Run.Stack.values)
            )
        },
    )
    model = forms.CharField(required=False, max_length=100)
    thinking = forms.BooleanField(required=False)
    candidates = _number(gettext_lazy("Variants"), 1, MOST_CANDIDATES)
    rounds = _number(gettext_lazy("Rounds"), 0, 20)
    scale = forms.FloatField(
        required=False,
        min_value=LEAST_SCALE,
        max_value=MOST_SCALE,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            format_lazy(
                gettext_lazy(
                    "Pixel ratio: use a number from {least} to {most:g}, or leave it empty."
                ),
                least=LEAST_SCALE,
                most=MOST_SCALE,
            ),
        ),
    )
    address = forms.CharField(required=False, max_length=10_000)  # of a page or picture
    address_width = _number(gettext_lazy("Window width"), LEAST_WIDTH, MOST_WIDTH)
    together = forms.BooleanField(required=False)  # several mockups are one page at several widths

    def __init__(
        self,
        data: Any = None,
        files: Sequence[UploadedFile[Any]] = (),
        *,
        choices: Sequence[ModelChoice],
    ) -> None:
        super().__init__(data)
        self.files_sent, self.choices = files, choices

    def clean(self) -> None:
        if len(self.files_sent) > MOST_FILES:
            raise forms.ValidationError(
                gettext("Got {number} files; send up to {most} at once.").format(
                    number=len(self.files_sent), most=MOST_FILES
                )
            )
        address = self.cleaned_data.get("address")
        if self.files_sent and address:
            raise forms.ValidationError(
                gettext("Got pictures and an address; send one of the two.")
            )
        if self.files_sent or address or "address" in self.errors:
            return
        if not self.cleaned_data.get("prompt"):
            raise forms.ValidationError(
                gettext("Choose a mockup or enter an address, or write what to generate.")
            )

    def clean_model(self) -> str:
        key: str = self.cleaned_data["model"] or self.choices[0].key
        if key not in [choice.key for choice in self.choices]:
            raise forms.ValidationError(UNKNOWN_MODEL)
        return key

    def clean_address(self) -> str:
        try:
            return read_optional_address(self.cleaned_data["address"])
        except CaptureError as error:
            raise forms.ValidationError(str(error)) from None

    @property
    def wishes(self) -> dict[str, Any]:
        """Return the arguments for `start_run`; empty fields get the studio's defaults."""
        data = self.cleaned_data
        return {
            "prompt": data["prompt"],
            "stack": data["stack"] or Run.Stack.HTML_CSS,
            "thinking": data["thinking"],
            "candidates": data["candidates"] or 1,
            "scale": data["scale"],
            "address": data["address"],
            "address_width": data["address_width"],
            "rounds": 0 if self.data.get("model") == DRAFT else data["rounds"],
        }


def read_number(request: HttpRequest, name: str) -> int | None:
    """Return a number from the query string; None if it is absent or invalid."""
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 6 else None


class FollowUpForm(forms.Form):
    """The form of a follow-up. `element` describes the part of the page that the prompt is about."""

    prompt = forms.CharField(
        max_length=MOST_WORDS,
        error_messages={"required": gettext_lazy("Write what should change.")},
    )
    element = forms.CharField(required=False, max_length=600)
    thinking = forms.BooleanField(required=False)
    model = forms.CharField(required=False, max_length=100)  # "": the one of the version before

    def __init__(self, data: Any = None, *, choices: Sequence[ModelChoice]) -> None:
        super().__init__(data)
        self.choices = choices

    def clean_model(self) -> str:
        key: str = self.cleaned_data["model"]
        if key and key not in [choice.key for choice in self.choices if choice.writes]:
            raise forms.ValidationError(UNKNOWN_MODEL)
        return key
