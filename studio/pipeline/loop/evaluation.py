"""The loop run over a folder of real pages, and what it scored.

A page is `<page>/index.html` and, optionally, `<page>/mockup.png`. Design2Code is reported so that
our numbers can be compared with published ones. It selects nothing: a page of absolutely positioned
text without any style scores 96 on it.
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from inference.types import ModelClient
from studio.pipeline.loop.attempts import AttemptResult, LoopEvent, LoopOptions, Result
from studio.pipeline.loop.baselines import BASELINES, Make, judge_baseline
from studio.pipeline.loop.generate import generate
from studio.pipeline.loop.report import summarize_attempt
from studio.pipeline.loop.structure_rows import compare_with_author
from studio.pipeline.loop.terminal import InputError, open_mockup
from studio.pipeline.rendering.page_files import make_folder_site
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.design2code import measure_design2code
from studio.pipeline.scoring.likeness.perceived_mockup import PerceivedMockup
from studio.pipeline.scoring.likeness.picture_maps import compute_ssim
from studio.pipeline.scoring.quality.measure import CodeQuality, collect_facts, score_facts
from studio.pipeline.types import RenderError

MEASURES = (
    "block",
    "text",
    "position",
    "color",
    "likeness",
    "quality",
    "original",
    "ssim",
    "seconds",
)
WIDTH = 1280
LIBRARY_RULES = 300  # a sheet of more is a library's, not the page's own code
RESAMPLED = 4000  # bootstrap samples for a confidence interval


def find_page_folders(root: Path, limit: int | None = None) -> list[Path]:
    """Return the folders below `root` that hold an index.html, sorted by name.

    Raises InputError when there are none.
    """
    folders = sorted(path.parent for path in root.glob("*/index.html"))
    if not folders:
        raise InputError(f"No <page>/index.html in {root}; pass a folder of page folders.")
    return folders[:limit]


@dataclass(frozen=True, slots=True)
class Way:
    """One row of an ablation: its options, and which pages count.

    With `needs_model` only the pages that the model wrote count.
    """

    options: LoopOptions
    needs_model: bool = False
    baseline: Make | None = None


# `structure` is no way of its own: see `structure_rows.evaluate_draft_structure`.
SETS = ("loop", "direct", "best-of-n", "fit", *BASELINES, "structure")


def find_way(name: str, options: LoopOptions) -> Way:
    """Return the way to run that `name` stands for.

    `loop`: everything that `options` allow. `direct`: the model's first answer, unchanged. `best-of-n`:
    the best of as many answers as there are candidates. `fit`: the layout draft with its fit, no model.
    A baseline's name: that baseline.
    """
    if name in BASELINES:
        return Way(options, baseline=BASELINES[name])
    if name == "direct":
        return Way(
            replace(options, rounds=1, candidates=1, sections=0, fit=False, target=2.0), True
        )
    if name == "best-of-n":
        return Way(replace(options, rounds=1, sections=0, fit=False, target=2.0), True)
    return Way(replace(options, rounds=0) if name == "fit" else options)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A page's row, and what its numbers were measured on.

    These are the mockup and the attempt that counts.
    """

    row: dict[str, Any]
    sight: PerceivedMockup | None = None
    attempt: AttemptResult | None = None


def evaluate_page(
    folder: Path,
    *,
    renderer: Renderer,
    client: ModelClient | None,
    way: Way,
    emit: Callable[[LoopEvent], None],
) -> Evaluated:
    """Return one page's row.

    It holds measures in 0–1, the loop's seconds (without measuring) and facts about the code.
    """
    mockup = load_page_mockup(folder, renderer)
    started = time.monotonic()
    if way.baseline:
        result = judge_baseline(mockup, way.baseline, renderer)
    else:
        result = generate(mockup, options=way.options, renderer=renderer, client=client, emit=emit)
    seconds = time.monotonic() - started
    attempt = _find_best_by_model(result) if way.needs_model else result.winner
    row = {
        "name": folder.name,
        **_measure_winner(folder, mockup, attempt, renderer),
        "structure": _compare_structure(folder, attempt, renderer),
        **_describe_run(result, seconds),
    }
    return Evaluated(row, PerceivedMockup(mockup, result.hints) if result.hints else None, attempt)


def _find_best_by_model(result: Result) -> AttemptResult | None:
    """Return the attempt that would have been kept if there had been no draft before it."""
    kept: list[AttemptResult] = []
    for attempt in result.attempts:
        if attempt.source == "model" and attempt.error is None and attempt.beats(kept):
            kept.append(attempt)
    return kept[-1] if kept else None


def make_broken_row(folder: Path, error: Exception) -> dict[str, Any]:
    """Return the row of a page that failed, with the error, so that the others go on."""
    words = f"{type(error).__name__}: {error}"
    return {
        "name": folder.name,
        **dict.fromkeys(MEASURES, 0.0),
        "code": None,
        "structure": None,
        "attempts": [],
        "error": words,
    }


def make_mean_row(pages: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    return {key: round(statistics.fmean(page[key] for page in pages), 4) for key in MEASURES}


def spread_row(pages: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return the standard deviation over pages (0 for a single page)."""
    return {key: round(statistics.pstdev(page[key] for page in pages), 4) for key in MEASURES}


def make_interval_row(pages: Sequence[Mapping[str, Any]]) -> dict[str, list[float]]:
    """Return the 95 % confidence interval of each measure's mean, by bootstrap over pages."""
    table = np.array([[page[key] for key in MEASURES] for page in pages], np.float64)
    samples = np.random.default_rng(0).integers(0, len(pages), (RESAMPLED, len(pages)))
    low, high = np.percentile(table[samples].mean(axis=1), (2.5, 97.5), axis=0)
    return {
        key: [round(float(low[n]), 4), round(float(high[n]), 4)] for n, key in enumerate(MEASURES)
    }


def load_page_mockup(folder: Path, renderer: Renderer) -> Image.Image:
    """Return the page's mockup.png, or a render of its index.html."""
    picture = folder / "mockup.png"
    if picture.exists():
        return open_mockup(picture)
    render = renderer.render_file(folder / "index.html", width=WIDTH)
    return Image.open(io.BytesIO(render.png)).convert("RGB")


def _measure_winner(
    folder: Path, mockup: Image.Image, winner: AttemptResult | None, renderer: Renderer
) -> dict[str, Any]:
    if winner is None or winner.render is None:
        return {**dict.fromkeys(MEASURES, 0.0), "code": None}
    score = measure_design2code(renderer, folder / "index.html", winner.bundle)
    own = measure_quality(renderer, folder / "index.html")
    return {
        **{name: round(value, 4) for name, value in asdict(score).items()},
        "likeness": round(winner.likeness, 4),
        "quality": round(winner.quality, 4),
        "original": round(own.score, 4),
        "ssim": round(compute_ssim(mockup, winner.render.png), 4),
        "code": _describe_code(winner),
    }


def _compare_structure(
    folder: Path, winner: AttemptResult | None, renderer: Renderer
) -> dict[str, Any] | None:
    if winner is None or winner.render is None:
        return None
    page, width = folder / "index.html", winner.render.width
    try:
        return compare_with_author(renderer, page, winner.bundle, width)
    except RenderError:  # the author's page may be too heavy; the other measures count
        return None


def measure_quality(renderer: Renderer, page: Path) -> CodeQuality:
    """Return the code quality of the original page, for comparison with ours."""
    sheets = [sheet.read_text("utf-8", "replace") for sheet in page.parent.rglob("*.css")]
    own = [sheet for sheet in sheets if sheet.count("{") <= LIBRARY_RULES]
    html = page.read_text("utf-8", "replace")
    size = len(html) + sum(len(sheet) for sheet in own)
    return score_facts(collect_facts(renderer, make_folder_site(page), html, size))


def _describe_code(winner: AttemptResult) -> dict[str, Any]:
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


def _describe_run(result: Result, seconds: float) -> dict[str, Any]:
    return {
        "seconds": round(seconds, 2),
        "stages": {name: round(value, 2) for name, value in result.seconds.items()},
        "stop_reason": result.stop_reason,
        "attempts": [summarize_attempt(attempt) for attempt in result.attempts],
    }
