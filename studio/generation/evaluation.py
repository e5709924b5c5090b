"""The loop over a folder of real pages, measured: `<page>/index.html` and, if it is there, `<page>/mockup.png`.

Design2Code stands here so that our numbers can stand beside published ones; nothing is selected by it
(a page of absolutely positioned text without any style scores 96 on it).
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from PIL import Image

from inference.types import ModelClient
from studio.generation.attempts import AttemptResult, LoopEvent, LoopOptions, Result
from studio.generation.baselines import Make, judged
from studio.generation.loop import generate
from studio.generation.report import attempt_summary
from studio.generation.terminal import InputError, open_mockup
from studio.pipeline.design2code import design2code
from studio.pipeline.keep import Keepability, judge, keep_facts
from studio.pipeline.picture import ssim
from studio.pipeline.render import Renderer
from studio.pipeline.site import folder_site

MEASURES = ("block", "text", "position", "color", "likeness", "keepability", "original", "ssim", "seconds")
WIDTH = 1280


def page_folders(root: Path, limit: int | None = None) -> list[Path]:
    """The folders below `root` that hold an index.html, by name; raises InputError when there are none."""
    folders = sorted(path.parent for path in root.glob("*/index.html"))
    if not folders:
        raise InputError(f"No <page>/index.html below {root}; give a folder of page folders.")
    return folders[:limit]


def evaluate_page(
    folder: Path,
    *,
    renderer: Renderer,
    client: ModelClient | None,
    options: LoopOptions,
    emit: Callable[[LoopEvent], None],
    baseline: Make | None = None,
) -> dict[str, Any]:
    """One page's row: measures in 0–1, seconds of the loop (measuring not counted), facts about the code.

    With a `baseline`, of that instead of the loop.
    """
    mockup = _mockup(folder, renderer)
    begun = time.monotonic()
    if baseline:
        result = judged(mockup, baseline, renderer)
    else:
        result = generate(mockup, options=options, renderer=renderer, client=client, emit=emit)
    seconds = time.monotonic() - begun
    return {"name": folder.name, **_measures(folder, mockup, result, renderer), **_account(result, seconds)}


def broken_row(folder: Path, error: Exception) -> dict[str, Any]:
    """A page that broke costs its own row only, and says so."""
    words = f"{type(error).__name__}: {error}"
    return {"name": folder.name, **dict.fromkeys(MEASURES, 0.0), "code": None, "attempts": [], "error": words}


def mean_row(pages: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    return {key: round(statistics.fmean(page[key] for page in pages), 4) for key in MEASURES}


def spread_row(pages: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """The standard deviation over pages (0 for a single page)."""
    return {key: round(statistics.pstdev(page[key] for page in pages), 4) for key in MEASURES}


def _mockup(folder: Path, renderer: Renderer) -> Image.Image:
    picture = folder / "mockup.png"
    if picture.exists():
        return open_mockup(picture)
    render = renderer.render_file(folder / "index.html", width=WIDTH)
    return Image.open(io.BytesIO(render.png)).convert("RGB")


def _measures(folder: Path, mockup: Image.Image, result: Result, renderer: Renderer) -> dict[str, Any]:
    winner = result.winner
    if winner is None or winner.render is None:
        return {**dict.fromkeys(MEASURES, 0.0), "code": None}
    score = design2code(renderer, folder / "index.html", winner.bundle)
    own = page_keepability(renderer, folder / "index.html")
    return {
        **{name: round(value, 4) for name, value in asdict(score).items()},
        "likeness": round(winner.likeness, 4),
        "keepability": round(winner.keepability, 4),
        "original": round(own.score, 4),
        "ssim": round(ssim(mockup, winner.render.png), 4),
        "code": _code(winner),
    }


def page_keepability(renderer: Renderer, page: Path) -> Keepability:
    """What the original page's own code scores: the anchor for ours."""
    files = [page, *page.parent.rglob("*.css")]
    return judge(
        keep_facts(renderer, folder_site(page), sum(len(file.read_text("utf-8", "replace")) for file in files))
    )


def _code(winner: AttemptResult) -> dict[str, Any]:
    if winner.keep is None:
        return {}
    facts = winner.keep.facts
    return {
        "inline_styles": facts.code["inlineStyles"],
        "absolute_positioned": facts.code["absolute"],
        "overflow": {str(width): reflow.overflow for width, reflow in facts.reflow.items()},
        "elements": facts.code["kinds"],
        "accessibility": {rule: count for rule, (_, count) in facts.broken.items()},
    }


def _account(result: Result, seconds: float) -> dict[str, Any]:
    return {
        "seconds": round(seconds, 2),
        "stages": {name: round(value, 2) for name, value in result.seconds.items()},
        "stop_reason": result.stop_reason,
        "attempts": [attempt_summary(attempt) for attempt in result.attempts],
    }
