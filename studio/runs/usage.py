"""What a run used: model, tokens, speed, time and cost. Read only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from inference.types import Usage
from studio.config.loopback import LOOPBACK
from studio.runs.models import Run

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Spent:
    """What a run used. `cost` is None if the model is local or its price is unknown."""

    model: str
    prompt: int
    completion: int
    pace: float | None  # tokens per second while the model wrote
    seconds: float | None
    cost: float | None
    local: bool

    @property
    def tokens(self) -> int:
        return self.prompt + self.completion


def compute_costs(run: Run, usage: Usage) -> dict[str, Any]:
    """Return the report's cost and whether the model is local."""
    connection = run.connection
    if connection is None:
        host = urlsplit(settings.MODEL_URL)
        return {"local": host.scheme == "local" or host.hostname in LOOPBACK}
    if connection.price_in is None or connection.price_out is None:
        return {"local": False}
    cost = (
        usage.prompt_tokens * connection.price_in + usage.completion_tokens * connection.price_out
    )
    return {"local": False, "cost": round(cost / MILLION, 6)}


def compute_spent(run: Run) -> Spent:
    tokens = run.report.get("tokens", {})
    completion = tokens.get("completion", 0)
    writing = run.report.get("seconds", {}).get("writing", 0.0)
    seconds = None
    if run.finished_at and run.started_at:
        seconds = (run.finished_at - run.started_at).total_seconds()
    return Spent(
        model=run.report.get("model") or "",
        prompt=tokens.get("prompt", 0),
        completion=completion,
        pace=completion / writing if completion and writing else None,
        seconds=seconds,
        cost=run.report.get("cost"),
        local=not run.report.get("model") or bool(run.report.get("local")),
    )
