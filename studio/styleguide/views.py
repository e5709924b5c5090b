"""The page at /styleguide."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

THEMES = ("light", "dark")
# One part of the page per style sheet of static/css. Those that only place whole panels are left out.
COMPONENTS = (
    "tokens",
    "base",
    "forms",
    "buttons",
    "header",
    "menus",
    "notices",
    "panes",
    "conversation",
    "composer",
    "inspector",
    "scores",
    "overlays",
    "code",
    "diff",
    "start",
    "library",
    "together",
    "teams",
    "operator",
    "outline",
    "export",
)
LAYOUTS = ("app", "workspace", "canvas", "compare", "scan", "motion")
# A state that only a pointer or the keyboard brings is shown by `data-state`.
STATES = re.compile(r":(hover|focus-visible|active)\b")
RELATIVE = re.compile(r"url\(\"?\./")


@dataclass(frozen=True, slots=True)
class SampleScore:
    """What the score's template reads of an attempt."""

    pk: int
    likeness: float
    quality: float


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component; there is no such page without DEBUG."""
    if not settings.DEBUG:
        raise Http404
    context = {
        "themes": THEMES,
        "components": COMPONENTS,
        "sheet": mark_safe(read_sheet()),  # noqa: S308 - our own style sheet, in a style element
        "best": SampleScore(1, 0.934, 0.871),
        "run": {"has_mockup": True, "upload": True},
        "parts": {"structure": 0.95, "ink": 0.82, "color": 0.61},
    }
    return render(request, "styleguide/styleguide.html", context)


def read_sheet() -> str:
    """Return the built style sheet, in which `data-state` brings a state as the pointer does."""
    file = finders.find("dist/app.css")
    if not file:
        raise Http404("There is no style sheet: run `npm run build`.")
    return show_states(Path(file).read_text("utf-8"), static("dist/"))


def show_states(sheet: str, folder: str) -> str:
    """Return the sheet with each state's attribute beside its pseudo-class, and files from `folder`."""
    marked = STATES.sub(r':is(:\1,[data-state~="\1"])', sheet)
    return RELATIVE.sub(f'url("{folder}', marked).replace(".woff2)", '.woff2")')
