"""Database columns of attempts and of their views at further widths. No I/O."""

from __future__ import annotations

from typing import Any

from studio.pipeline.loop.attempts import AttemptResult, View
from studio.pipeline.loop.report import list_found_blocks, list_sides, summarize_attempt
from studio.pipeline.types import Comparison


def make_attempt_columns(attempt: AttemptResult) -> dict[str, Any]:
    summary = summarize_attempt(attempt)
    return {
        **{
            name: summary[name]
            for name in ("number", "source", "accepted", "parts", "quality_parts", "seconds")
        },
        "likeness": attempt.likeness if attempt.comparison else None,
        "quality": attempt.quality if attempt.keep else None,
        "error": attempt.error or "",
        "width": attempt.render.width if attempt.render else None,
        "height": attempt.render.height if attempt.render else None,
        **_list_found(attempt.comparison),
    }


def make_view_columns(view: View) -> dict[str, Any]:
    return {
        "width": view.width,
        "height": view.render.height,
        "likeness": view.comparison.likeness,
        "parts": {name: round(value, 4) for name, value in view.comparison.parts.items()},
        **_list_found(view.comparison),
    }


def _list_found(comparison: Comparison | None) -> dict[str, Any]:
    if comparison is None:
        return {"differences": [], "blocks": []}
    return {
        "differences": [
            {
                "kind": d.kind,
                "words": d.words,
                "lost": round(d.lost, 4),
                "element": d.element,
                "box": list_sides(d.box),
            }
            for d in comparison.differences
        ],
        "blocks": list_found_blocks(comparison),
    }
