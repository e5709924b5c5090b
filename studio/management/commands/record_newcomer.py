"""`manage.py record_newcomer`: a new user's journey to a fixed difference and a zip, recorded and counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.load.browsers import launch_browser
from studio.load.contact_sheet import make_contact_sheet
from studio.load.newcomer import Journey, JourneyError, Newcomer
from studio.load.scripted_answers import make_answers
from studio.load.scripted_model import ASK_ONCE, serve_scripted_model
from studio.processes.trial_studio import run_trial_studio

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MODELS = {"fast": 2.0, "slow": 30.0}  # seconds of an answer
STUDIO = ASK_ONCE | {"SIGN_UP": "open"}


class Command(BaseCommand):
    help = (
        "Record a newcomer in a temporary studio: sign up, drop a mockup, fix the worst difference, "
        "download the zip. Writes a frame each second and a contact sheet; counts seconds and clicks."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", type=Path, help="folder for frames and contact sheets")
        parser.add_argument("--model", choices=(*MODELS, "both"), default="both")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, out: Path, model: str, **options: Any) -> None:
        from playwright.sync_api import sync_playwright

        names = list(MODELS) if model == "both" else [model]
        journeys: dict[str, Journey] = {}
        with sync_playwright() as playwright:
            browser = launch_browser(playwright)
            for name in names:
                try:
                    journeys[name] = record(browser, out / name, MODELS[name])
                except JourneyError as error:
                    raise CommandError(f"{name} model: {error}") from None
                sheet = out / f"{name}.webp"
                make_contact_sheet(journeys[name].moments, out / name, sheet)
        if options["json"]:
            found = {name: journey.to_json() for name, journey in journeys.items()}
            self.stdout.write(json.dumps(found, indent=1))
            return
        for line in describe_journeys(journeys):
            self.stdout.write(line)


def record(browser: Browser, folder: Path, seconds: float) -> Journey:
    """Let a newcomer walk through a studio whose model takes so many seconds for an answer."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        serve_scripted_model(make_answers(), seconds) as model,
        run_trial_studio(MODEL_URL=model.url, **STUDIO) as studio,
    ):
        return Newcomer(browser, studio, folder).walk()


def describe_journeys(journeys: dict[str, Journey]) -> list[str]:
    """Return a table: each moment with its clicks and the seconds of each journey, and the results."""
    first = next(iter(journeys.values()))
    lines = ["moment | clicks | " + " | ".join(f"{name} model, s" for name in journeys)]
    for place, moment in enumerate(first.moments):
        seconds = [f"{journey.moments[place].seconds:g}" for journey in journeys.values()]
        lines.append(f"{moment.name} | {moment.clicks} | " + " | ".join(seconds))
    for name, journey in journeys.items():
        lines.append(
            f"{name} model: likeness {journey.likeness:.1%}, then {journey.likeness_fixed:.1%} after "
            f"“{journey.worst}”; {journey.zip_files} files in the zip, {journey.frames} frames"
        )
    return lines
