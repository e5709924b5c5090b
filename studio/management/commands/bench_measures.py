"""`manage.py bench_measures`: the time of a comparison, and of Design2Code's blocks."""

from __future__ import annotations

import io
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from PIL import Image

from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.rendering.page_files import make_bundle_site
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.design2code import render_probed_page
from studio.pipeline.scoring.design2code.blocks import find_blocks
from studio.pipeline.scoring.design2code.reference import find_blocks_slowly
from studio.pipeline.scoring.likeness.compare import compare

WIDTH = 1280
HEIGHTS = (800, 4000)
SECTION = 400  # px
PATIENCE = 120.0  # seconds for a render, which is not timed, on a busy machine
CARDS = "".join(
    f"<article><h3>Thing number {i}</h3><p>Some words about it, in two lines that a card of this width breaks.</p>"
    "<a href='#'>Read on</a></article>"
    for i in range(4)
)
RULES = """body{margin:0;font:16px/24px sans-serif;color:#222}
section{height:400px;box-sizing:border-box;padding:40px 80px}
section:nth-child(even){background:#eef2ff}h2{margin:0 0 16px;font-size:32px}div{display:flex;gap:24px}
article{flex:1;background:#fff;border:1px solid #c7d2fe;border-radius:8px;padding:16px}h3,p{margin:0 0 8px}"""


class Command(BaseCommand):
    help = (
        "Time the comparison at 1280 × 800 and 1280 × 4000, and Design2Code's blocks, in CPU "
        "milliseconds of one core."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--runs", type=int, default=5)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, runs: int, **options: Any) -> None:
        import cv2

        cv2.setNumThreads(1)
        with Renderer(settings.BROWSER) as renderer:
            results = {
                f"compare_{WIDTH}x{height}_ms": time_comparison(renderer, height, runs)
                for height in HEIGHTS
            }
            results |= time_blocks(renderer, runs)
        lines = (f"{name:24} {value:>10,.1f}" for name, value in results.items())
        self.stdout.write(json.dumps(results) if options["json"] else "\n".join(lines))


def time_comparison(renderer: Renderer, height: int, runs: int) -> float:
    changes = "h2{font-size:30px}article{padding:18px}a{color:#b91c1c}"
    page = make_sections_page(height)
    attempt = make_sections_page(height, changes)
    png = renderer.render(page, width=WIDTH, time_limit=PATIENCE).png
    mockup = Image.open(io.BytesIO(png)).convert("RGB")
    hints = find_hints(mockup)
    render = renderer.render(attempt, width=WIDTH, time_limit=PATIENCE)
    return measure_cpu_time(lambda: compare(mockup, hints, render), runs)


def time_blocks(renderer: Renderer, runs: int) -> dict[str, float]:
    page = make_sections_page(HEIGHTS[0])
    probed = render_probed_page(renderer, make_bundle_site(page), page.files[ENTRY])
    fast = measure_cpu_time(lambda: find_blocks(*probed), runs)
    slow = measure_cpu_time(lambda: find_blocks_slowly(*probed), 1)
    return {
        "design2code_blocks_ms": fast,
        "by_pixel_loop_ms": slow,
        "times_faster": round(slow / fast, 1),
    }


def make_sections_page(height: int, rules: str = "") -> Bundle:
    body = "".join(
        f"<section><h2>Section {i + 1}</h2><p>A line that says what it is about.</p><div>{CARDS}</div></section>"
        for i in range(height // SECTION)
    )
    return Bundle(
        {
            ENTRY: f"<!doctype html><html><head><style>{RULES}{rules}</style></head><body>{body}</body></html>"
        }
    )


def measure_cpu_time(work: Callable[[], object], runs: int) -> float:
    """Return the median CPU time of this process in ms, without the browser's."""
    times = []
    for _ in range(runs):
        begun = time.process_time()
        work()
        times.append(1000 * (time.process_time() - begun))
    return round(statistics.median(times), 1)
