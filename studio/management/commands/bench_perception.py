"""`manage.py bench_perception`: the memory that reading a mockup takes, as a whole and by stage."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.config.environment import ROOT
from studio.load.perception_memory import SIZES, STAGES, Reading, make_page, measure_reading


class Command(BaseCommand):
    help = (
        "Measure the peak memory of reading mockups of several sizes: of the process that reads, of "
        "the one that asks, and of each stage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        usual = " ".join(f"{width}x{height}" for width, height in SIZES)
        parser.add_argument("sizes", nargs="*", help=f"WIDTHxHEIGHT in pixels; none: {usual}")
        parser.add_argument("--stages", action="store_true", help="measure each stage as well")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, sizes: list[str], **options: Any) -> None:
        readings, stages = [], {}
        for width, height in [parse_size(size) for size in sizes] or SIZES:
            readings.append(measure_reading(make_page(width, height)))
            self.stderr.write(f"{width} × {height}: {readings[-1].seconds:g} s")
            if options["stages"]:
                stages[f"{width}x{height}"] = measure_stages_apart(width, height)
        if options["json"]:
            rows = [asdict(reading) for reading in readings]
            self.stdout.write(json.dumps({"readings": rows, "stages": stages}))
        else:
            self.stdout.write("\n".join([*_format_readings(readings), *_format_stages(stages)]))


def parse_size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) and int(height)):
        raise CommandError(f'Unexpected size "{text}", use WIDTHxHEIGHT in pixels: 1280x800.')
    return int(width), int(height)


def measure_stages_apart(width: int, height: int) -> dict[str, int]:
    """Measure the stages in a process of their own, so that nothing else is in its memory."""
    command = [sys.executable, "-m", "studio.load.perception_memory", str(width), str(height)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    found: dict[str, int] = json.loads(done.stdout)
    return found


def _format_readings(readings: list[Reading]) -> Iterator[str]:
    yield "| picture | resident | private (the limit) | grown by, who asks | seconds |"
    yield "|---|---|---|---|---|"
    for one in readings:
        yield (
            f"| {one.width} × {one.height} | {one.resident} | {one.private} "
            f"| {one.parent} | {one.seconds:g} |"
        )


def _format_stages(stages: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    if not stages:
        return
    yield ""
    yield f"| resident while it runs | {' | '.join(stages)} |"
    yield f"|---|{'---|' * len(stages)}"
    for stage in STAGES:
        yield f"| {stage} | {' | '.join(str(found[stage]) for found in stages.values())} |"
