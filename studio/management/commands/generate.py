"""`manage.py generate MOCKUP`: run the loop in a terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from inference.types import ModelError
from studio.pipeline.loop.attempts import LoopOptions
from studio.pipeline.loop.generate import generate
from studio.pipeline.loop.report import build_report
from studio.pipeline.loop.terminal import (
    InputError,
    group_by_width,
    open_mockup,
    show_progress,
    write_result,
)
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.stacks.kinds import STACKS
from studio.processes.writer_server import find_writer
from studio.runs.forms import LEAST_SCALE, MOST_SCALE
from studio.runs.model_choices import can_write
from studio.runs.model_client import open_model_client

WORDS_FOLDER = "page"  # of a page without a mockup, whose name a folder could have


class Command(BaseCommand):
    help = "Turn a mockup into code that looks like it, and print the likeness."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "mockup",
            type=Path,
            nargs="*",
            help="a PNG, JPEG or WebP picture of the page, then those of other widths; none: --prompt says all",
        )
        parser.add_argument(
            "--prompt", default="", help="instructions beyond the mockup, or for a page without one"
        )
        parser.add_argument(
            "--stack", choices=STACKS, default="html-css", help="what the code is written in"
        )
        parser.add_argument(
            "--rounds", type=int, default=settings.RUN_ROUNDS, help="maximum rounds of the model"
        )
        parser.add_argument(
            "--candidates", type=int, default=1, help="answers that compete in each round"
        )
        parser.add_argument(
            "--sections",
            type=int,
            default=settings.RUN_SECTIONS,
            help="sections of a tall mockup written in parallel; 0: the page in one request",
        )
        parser.add_argument(
            "--scale",
            type=float,
            help="the first mockup's device pixel ratio, from 0.5 to 4 (default: it is found)",
        )
        parser.add_argument(
            "--model-url", default=settings.MODEL_URL, help="an OpenAI-compatible …/v1, or empty"
        )
        parser.add_argument(
            "--out", type=Path, help="folder for the result (default: named after the mockup)"
        )
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(
        self, *args: Any, mockup: list[Path], out: Path | None, json: bool, **options: Any
    ) -> None:
        try:
            if not mockup and not options["prompt"].strip():
                raise InputError("Got neither a mockup nor --prompt; give at least one of the two.")
            name = Path(mockup[0].stem) if mockup else Path(WORDS_FOLDER)
            account, folder = _generate(mockup, out or name, json, options)
        except (InputError, ModelError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(_format_as_json(account) if json else _summarize(account, folder))


def _generate(
    mockups: list[Path], folder: Path, quiet: bool, options: dict[str, Any]
) -> tuple[dict[str, Any], Path]:
    _check_scale(options["scale"])
    pictures = [open_mockup(path, settings.UPLOAD_PIXELS) for path in mockups]
    first = pictures[0] if pictures else None
    budget = LoopOptions(
        **{
            name: options[name]
            for name in ("prompt", "stack", "rounds", "candidates", "sections", "scale")
        },
        agent=settings.RUN_TOOLS,
        seconds=settings.RUN_SECONDS,
        tokens=settings.RUN_TOKENS,
    )
    with (
        open_model_client(
            _choose_address(options["model_url"], is_words_only=not mockups)
        ) as client,
        Renderer(settings.BROWSER) as renderer,
        show_progress(quiet) as watch,
    ):
        also = group_by_width(first, pictures[1:], options["scale"]) if first else {}
        result = generate(
            first, options=budget, renderer=renderer, client=client, emit=watch, also=also
        )
        account = build_report(
            result,
            mockup=mockups[0].name if mockups else None,
            model=client.name if client else None,
        )
    write_result(result, account, folder, options["stack"])
    return account, folder


def _choose_address(url: str, *, is_words_only: bool) -> str:
    """Return the model's address: words alone go to the small writer where `url` only labels."""
    if is_words_only and not can_write(url):
        return find_writer(settings.DATA_DIR)
    return url


def _check_scale(scale: float | None) -> None:
    if scale is not None and not LEAST_SCALE <= scale <= MOST_SCALE:
        raise InputError(
            f"--scale is {scale:g}; use a number from {LEAST_SCALE} to {MOST_SCALE:g}, or leave it out."
        )


def _format_as_json(account: dict[str, Any]) -> str:
    return json.dumps(account, indent=2)


def _summarize(account: dict[str, Any], folder: Path) -> str:
    if account["best"] is None:
        return f"No attempt could be rendered ({account['stop_reason']}); see {folder / 'report.json'}."
    reason = account["message"] or account["stop_reason"]
    built = (folder / "package.json").exists()
    next_step = (
        f"In {folder}: npm ci && npm run dev." if built else f"Open {folder / 'index.html'}."
    )
    score = f"code quality {account['quality']:.3f}"
    if account["likeness"] is not None:
        score = f"likeness {account['likeness']:.3f}"
    return "\n".join([f"{score}, stopped: {reason}. {next_step}", *_remarks(account)])


def _remarks(account: dict[str, Any]) -> list[str]:
    """How the mockup was read, where that is not a matter of course."""
    scale = account.get("scale", 1)
    ratio = (
        [f"The mockup was read at {scale:g} pixels a CSS pixel: {account['scale_reason']}."]
        if scale != 1
        else []
    )
    notes: list[str] = account.get("notes", [])
    return ratio + notes
