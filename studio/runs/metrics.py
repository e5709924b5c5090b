"""Prometheus metrics: the current queue, and totals over all runs and workers.

Counters live in one Redis hash, because workers come and go and may be on other machines.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping

import redis
from django.db.models import Count
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from studio.runs import events
from studio.runs.models import Run

KEY = "metrics"
SECONDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
LIKENESS = (0.5, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95, 0.975, 0.99, 1.0)

logger = logging.getLogger(__name__)


def count_run(run: Run) -> None:
    """Count a run that is over. If Redis is away, only the count is lost."""
    try:
        with events.get_connection().pipeline(transaction=False) as pipe:
            pipe.hincrby(KEY, f"runs|{run.state}|{run.stop_reason}", 1)
            for kind, tokens in run.report.get("tokens", {}).items():
                pipe.hincrby(KEY, f"tokens|{kind}", tokens)
            for stage, seconds in run.report.get("seconds", {}).items():
                _observe(pipe, f"stage|{stage}", seconds, SECONDS)
            if run.report.get("likeness") is not None:
                _observe(pipe, "likeness|", run.report["likeness"], LIKENESS)
            pipe.execute()
    except redis.RedisError as error:
        logger.warning("a run was not counted (%s)", type(error).__name__)


class StudioCollector(Collector):
    """Reads all metrics for prometheus_client."""

    def collect(self) -> Iterator[Metric]:
        """Yield all metrics."""
        yield _make_states_gauge()
        try:
            stored: Mapping[str, str] = events.get_connection().hgetall(KEY)  # type: ignore[assignment]
        except redis.RedisError as error:
            # The runs that wait are in the database: what scales by them goes on.
            logger.warning("the counters could not be read (%s)", type(error).__name__)
            return
        yield from _make_counters(stored)
        yield _make_histogram(
            stored,
            "stage",
            "likeness_stage_seconds",
            "Time of each stage of a run",
            SECONDS,
            ["stage"],
        )
        yield _make_histogram(
            stored,
            "likeness",
            "likeness_score",
            "Likeness of each run's best attempt",
            LIKENESS,
            [],
        )


def _make_states_gauge() -> Metric:
    gauge = GaugeMetricFamily("likeness_runs", "Runs that are not over, by state", labels=["state"])
    counts = dict(Run.objects.order_by().values_list("state").annotate(count=Count("pk")))
    for state in (Run.State.QUEUED, Run.State.RUNNING):
        gauge.add_metric([state], counts.get(state, 0))
    return gauge


def _make_counters(stored: Mapping[str, str]) -> Iterator[Metric]:
    ended = CounterMetricFamily(
        "likeness_runs_ended", "Runs that are over", labels=["state", "reason"]
    )
    tokens = CounterMetricFamily(
        "likeness_tokens", "Tokens read and written by models", labels=["kind"]
    )
    families = {"runs": ended, "tokens": tokens}
    for key, value in sorted(stored.items()):
        name, *labels = key.split("|")
        if name in families:
            families[name].add_metric(labels, float(value))
    yield from families.values()


def _observe(
    pipe: redis.client.Pipeline, name: str, value: float, bounds: tuple[float, ...]
) -> None:
    bound = next((str(b) for b in bounds if value <= b), "+Inf")
    pipe.hincrby(KEY, f"{name}|{bound}", 1)
    pipe.hincrbyfloat(KEY, f"{name}|sum", value)


def _make_histogram(
    stored: Mapping[str, str],
    kind: str,
    name: str,
    words: str,
    bounds: tuple[float, ...],
    labels: list[str],
) -> HistogramMetricFamily:
    family = HistogramMetricFamily(name, words, labels=labels)
    names = sorted({tuple(key.split("|"))[1] for key in stored if key.startswith(f"{kind}|")})
    for label in names:
        prefix = f"{kind}|{label}"
        total = 0
        buckets = []
        for bound in [*map(str, bounds), "+Inf"]:
            total += int(stored.get(f"{prefix}|{bound}", 0))
            buckets.append((bound, float(total)))
        family.add_metric([label] if labels else [], buckets, float(stored.get(f"{prefix}|sum", 0)))
    return family
