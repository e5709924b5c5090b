"""A run's result as JSON, and the pictures beside it: the proof that travels with the code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studio.generation.attempts import AttemptResult, Result


def report(result: Result, *, mockup: str, model: str | None) -> dict[str, Any]:
    """JSON-able account of a run; `mockup` is its file name, `model` the name the server gave, None without a model."""
    winner = result.winner
    return {
        "mockup": mockup,
        "model": model,
        "stop_reason": result.stop_reason,
        "message": result.message,
        "best": result.best,
        "likeness": round(winner.likeness, 4) if winner else None,
        "parts": _parts(winner),
        "keepability": round(winner.keepability, 4) if winner else None,
        "keep_parts": _keep_parts(winner),
        "differences": [d.words for d in winner.comparison.differences] if winner and winner.comparison else [],
        "attempts": [attempt_summary(a) for a in result.attempts],
        "seconds": {name: round(value, 2) for name, value in result.seconds.items()},
        "tokens": {"prompt": result.usage.prompt_tokens, "completion": result.usage.completion_tokens},
    }


def attempt_summary(attempt: AttemptResult) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "source": attempt.source,
        "likeness": round(attempt.likeness, 4),
        "parts": _parts(attempt),
        "keepability": round(attempt.keepability, 4),
        "keep_parts": _keep_parts(attempt),
        "accepted": attempt.accepted,
        "error": attempt.error,
        "seconds": {name: round(value, 2) for name, value in attempt.seconds.items()},
    }


def proof_files(attempt: AttemptResult) -> dict[str, bytes]:
    """The pictures that show how like the mockup the attempt is."""
    files: dict[str, bytes] = {}
    if attempt.render:
        files["render.png"] = attempt.render.png
    if attempt.comparison:
        files["heatmap.png"] = attempt.comparison.heatmap
    return files


def _parts(attempt: AttemptResult | None) -> Mapping[str, float]:
    if attempt is None or attempt.comparison is None:
        return {}
    return {name: round(value, 4) for name, value in attempt.comparison.parts.items()}


def _keep_parts(attempt: AttemptResult | None) -> Mapping[str, float]:
    if attempt is None or attempt.keep is None:
        return {}
    return {name: round(value, 4) for name, value in attempt.keep.parts.items()}
