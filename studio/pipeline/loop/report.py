"""A run's result as JSON, and the pictures beside it: the proof that travels with the code."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from PIL import Image, ImageOps

from studio.pipeline.loop.attempts import AttemptResult, Result, View
from studio.pipeline.perception.hints import Box
from studio.pipeline.types import Comparison

THUMBNAIL = (320, 240)  # px, width and height
MOST_BLOCKS = 1000  # a long page has 400


def build_report(result: Result, *, mockup: str | None, model: str | None) -> dict[str, Any]:
    """Return the account of a run as JSON values.

    `mockup` is the mockup's file name and `model` the name its server uses; None without one.
    """
    winner = result.winner
    return {
        "mockup": mockup,
        "model": model,
        "stop_reason": result.stop_reason,
        "message": result.message,
        "best": result.best,
        "likeness": round(winner.likeness, 4) if winner and winner.comparison else None,
        "parts": _round_parts(winner),
        "quality": round(winner.quality, 4) if winner else None,
        "quality_parts": _round_quality_parts(winner),
        "differences": [d.words for d in winner.comparison.differences]
        if winner and winner.comparison
        else [],
        **_account_of_mockup(result),
        **({"design": result.design.to_json()} if result.design else {}),
        "attempts": [summarize_attempt(a) for a in result.attempts],
        "seconds": {name: round(value, 2) for name, value in result.seconds.items()},
        "tokens": {
            "prompt": result.usage.prompt_tokens,
            "completion": result.usage.completion_tokens,
        },
    }


def _account_of_mockup(result: Result) -> dict[str, Any]:
    """How the mockup was read: its ratio, what spoke for it, and what a person should know."""
    if result.hints is None:
        return {}
    hints = result.hints
    return {
        "scale": hints.scale,
        "scale_reason": hints.scale_reason,
        "notes": list(hints.notes),
        "cut": list(hints.cut),
    }


def summarize_attempt(attempt: AttemptResult) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "source": attempt.source,
        "round": attempt.round,
        "fitted": attempt.fitted,
        "likeness": round(attempt.likeness, 4),
        "parts": _round_parts(attempt),
        "quality": round(attempt.quality, 4),
        "quality_parts": _round_quality_parts(attempt),
        "accepted": attempt.accepted,
        "error": attempt.error,
        "seconds": {name: round(value, 2) for name, value in attempt.seconds.items()},
        "widths": {str(view.width): _summarize_view(view) for view in attempt.views},
    }


def _summarize_view(view: View) -> dict[str, Any]:
    return {
        "likeness": round(view.comparison.likeness, 4),
        "parts": {name: round(value, 4) for name, value in view.comparison.parts.items()},
        "differences": [difference.words for difference in view.comparison.differences],
    }


def collect_proof_files(attempt: AttemptResult) -> dict[str, bytes]:
    """Return the pictures that show how much the attempt looks like the mockup."""
    files: dict[str, bytes] = {}
    if attempt.render:
        files["render.png"] = attempt.render.png
    if attempt.comparison:
        files["heatmap.png"] = attempt.comparison.heatmap
    return files


def collect_stored_pictures(attempt: AttemptResult) -> dict[str, bytes]:
    """Return the proof files and the thumbnail that represents the version in lists."""
    files = collect_proof_files(attempt)
    if attempt.render:
        files["thumbnail.webp"] = make_thumbnail(attempt.render.png)
    return files


def make_thumbnail(png: bytes) -> bytes:
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    # Only the top of the page, because a whole long page would be a narrow strip.
    height = min(picture.height, picture.width * THUMBNAIL[1] // THUMBNAIL[0])
    small = ImageOps.contain(picture.crop((0, 0, picture.width, max(1, height))), THUMBNAIL)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=80)
    return out.getvalue()


def list_found_blocks(comparison: Comparison) -> list[dict[str, Any]]:
    """Return the mockup's texts that are in the page, in reading order.

    Each has its box in the mockup and its box in the page.
    """
    return [
        {
            "text": m.line.text,
            "mockup": list_sides(m.line.box),
            "page": list_sides(m.dom.box),
            "element": m.dom.element,
        }
        for m in comparison.matches[:MOST_BLOCKS]
    ]


def list_sides(box: Box) -> list[float]:
    return [round(value, 1) for value in (box.x, box.y, box.width, box.height)]


def _round_parts(attempt: AttemptResult | None) -> Mapping[str, float]:
    if attempt is None or attempt.comparison is None:
        return {}
    return {name: round(value, 4) for name, value in attempt.comparison.parts.items()}


def _round_quality_parts(attempt: AttemptResult | None) -> Mapping[str, float]:
    if attempt is None or attempt.keep is None:
        return {}
    return {name: round(value, 4) for name, value in attempt.keep.parts.items()}
