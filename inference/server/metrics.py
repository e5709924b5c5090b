"""`/metrics`: the engine's counts in Prometheus' text form, read when asked for."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from inference.engine.live import LiveEngine


class EngineCollector(Collector):
    def __init__(self, live: LiveEngine) -> None:
        self._live = live

    def collect(self) -> Iterator[Metric]:
        engine, counts = self._live.engine, self._live.counts
        for name, says, value in (
            ("requests", "Requests taken up", counts.requests),
            ("requests_cancelled", "Requests whose client left", counts.cancelled),
            ("requests_failed", "Requests the engine failed on", counts.failed),
            ("steps", "Passes of the model", counts.steps),
            ("prompt_tokens", "Tokens of prompts", counts.prompt_tokens),
            (
                "prompt_tokens_cached",
                "Tokens of prompts that were in the prefix cache",
                counts.cached_tokens,
            ),
            ("completion_tokens", "Tokens generated", counts.completion_tokens),
            ("tokens_forced", "Tokens a grammar left no choice about", engine.forced),
            ("preemptions", "Sequences thrown out for want of blocks", engine.scheduler.preempted),
            (
                "pictures_encoded",
                "Pictures the vision tower has read",
                engine.runner.pictures_encoded,
            ),
        ):
            yield CounterMetricFamily(f"likeness_engine_{name}", says, value)
        for name, says, value in (
            ("running", "Sequences in the batch", len(engine.scheduler.running)),
            ("waiting", "Sequences not yet in it", len(engine.scheduler.waiting)),
            ("blocks", "Blocks of the cache", engine.pool.count),
            ("blocks_free", "Blocks nobody holds", engine.pool.free),
        ):
            yield GaugeMetricFamily(f"likeness_engine_{name}", says, value)


def registry(live: LiveEngine) -> CollectorRegistry:
    made = CollectorRegistry()
    made.register(EngineCollector(live))
    return made


def exposition(made: CollectorRegistry) -> bytes:
    return generate_latest(made)
