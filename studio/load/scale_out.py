"""What a studio with more workers needs, by arithmetic from measurements with few. No Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studio.load.throughput import Throughput

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Need:
    """What so many workers need, each with a processor core of its own."""

    workers: int
    runs_a_minute: float
    connections: int  # to PostgreSQL
    clients: int  # to Redis
    transactions_a_second: float
    commands_a_second: float
    web_cores: float
    redis_megabytes_an_hour: float


def estimate_needs(measured: Sequence[Throughput], workers: Sequence[int]) -> list[Need]:
    """Extrapolate from the first measurement, and connections from the first and the last.

    Raises ValueError unless there are two measurements with different numbers of workers.
    """
    first, last = measured[0], measured[-1]
    if first.workers == last.workers:
        raise ValueError("Two measurements with different numbers of workers are required.")
    return [_estimate(first, last, count) for count in workers]


def _estimate(first: Throughput, last: Throughput, workers: int) -> Need:
    # A worker with a core of its own is busy for the processor time of a run, whatever stood in the queue.
    runs_a_second = workers / first.cpu["worker"]

    def extend(low: int, high: int) -> int:
        """Return what a straight line through both measurements says."""
        slope = (high - low) / (last.workers - first.workers)
        return round(low + slope * (workers - first.workers))

    return Need(
        workers=workers,
        runs_a_minute=MINUTE * runs_a_second,
        connections=extend(first.connections, last.connections),
        clients=extend(first.clients, last.clients),
        transactions_a_second=runs_a_second * first.transactions,
        commands_a_second=runs_a_second * first.redis_commands,
        web_cores=runs_a_second * first.cpu["web"],
        redis_megabytes_an_hour=3600 * runs_a_second * first.redis_kilobytes / 1000,
    )


def describe_need(need: Need) -> str:
    return (
        f"{need.workers:,} workers: {need.runs_a_minute:,.0f} runs a minute, "
        f"{need.connections:,} connections to PostgreSQL with {need.transactions_a_second:,.0f} transactions/s, "
        f"{need.clients:,} to Redis with {need.commands_a_second:,.0f} commands/s and "
        f"{need.redis_megabytes_an_hour:,.0f} MB an hour, {need.web_cores:.1f} cores of web processes"
    )
