"""`manage.py measure_pages`: the pages' budgets, measured in a real browser on a temporary studio."""

from __future__ import annotations

import json
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.load.measured_pages import NAMES, measure_all
from studio.load.page_budgets import BUDGETS, PageFigures

TIMES = 5  # visits of each page with a filled cache
HEAD = f"{'page':<34}{'width':>6}{'script kB':>11}{'paint ms':>10}{'shift':>8}"


class Command(BaseCommand):
    help = (
        "Measure script, first paint and layout shift of the pages, and the shift while runs are "
        "followed, in a temporary studio. Ends with an error that names what exceeds its budget."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "only", nargs="*", help=f"what to measure: {', '.join(NAMES)}; none: all"
        )
        parser.add_argument("--times", type=int, default=TIMES, help="visits of each page")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, only: list[str], times: int, **options: Any) -> None:
        if unknown := sorted(set(only) - set(NAMES)):
            raise CommandError(f"There is no page {unknown[0]!r}; use {', '.join(NAMES)}.")
        if times < 1:
            raise CommandError("--times: use 1 or more.")
        if not options["json"]:
            self.stdout.write(HEAD)
        figures: list[PageFigures] = []
        for found in measure_all(only or NAMES, times):
            figures.append(found)
            if not options["json"]:
                self.stdout.write(describe_figures(found))
                self.stdout.flush()
        if options["json"]:
            pages = [found.to_json() for found in figures]
            self.stdout.write(json.dumps({"pages": pages, **describe_machine()}, indent=1))
        else:
            machine = describe_machine()
            self.stdout.write(
                f"{machine['cores']} cores, load {machine['load']:g} over five minutes"
            )
        if exceeded := [describe_excess(found) for found in figures if found.list_exceeded()]:
            raise CommandError(
                f"Over budget ({BUDGETS.script_bytes / 1000:g} kB, {BUDGETS.paint_ms:g} ms, "
                f"{BUDGETS.shift:g}): {'; '.join(exceeded)}."
            )


def describe_machine() -> dict[str, float]:
    """Return the number of cores and the load average of five minutes: where the load is larger, first
    paint means little.
    """
    return {"cores": os.cpu_count() or 1, "load": round(os.getloadavg()[1], 1)}


def describe_figures(found: PageFigures) -> str:
    """Return a line of the table."""
    script = "–" if found.script_bytes is None else f"{found.script_bytes / 1000:.1f}"
    paint = "–" if found.paint_ms is None else f"{found.paint_ms:.0f}"
    moved = f"  {', '.join(found.moved)}" if found.moved else ""
    figures = f"{found.name:<34}{found.width:>6}{script:>11}{paint:>10}{found.shift:>8.4f}"
    return figures + moved


def describe_excess(found: PageFigures) -> str:
    return f"{found.name} at {found.width} px ({', '.join(found.list_exceeded())})"
