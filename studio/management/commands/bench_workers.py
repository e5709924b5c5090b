"""`manage.py bench_workers`: runs a minute with 1, 2 and 4 workers, and by arithmetic with up to 1,000."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.config.settings import ENVIRON
from studio.load.scale_out import describe_need, estimate_needs
from studio.load.throughput import BenchFailed, Throughput, describe_throughput, measure_throughput
from studio.runs import samples


class Command(BaseCommand):
    help = (
        "Measure how many runs temporary studios do in a minute with these numbers of workers. With DATABASE_URL, a "
        "PostgreSQL database for this alone, connections and transactions are counted, too."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workers", default="1,2,4", help="numbers with commas (%(default)s)")
        parser.add_argument("--runs", type=int, default=16, help="of each number (%(default)s)")
        parser.add_argument(
            "--sample", default="sign-up", choices=samples.list_names(), help="the mockup"
        )
        parser.add_argument(
            "--paper", default="10,100,1000", help="workers to estimate, with commas"
        )
        parser.add_argument("--json", action="store_true")

    def handle(
        self, *args: Any, workers: str, runs: int, sample: str, paper: str, **options: Any
    ) -> None:
        counts, estimated = _read_counts(workers), _read_counts(paper)
        measured: list[Throughput] = []
        for count in counts:
            try:
                measured.append(measure_throughput(count, runs, sample, ENVIRON.model_url))
            except BenchFailed as error:
                raise CommandError(str(error)) from None
            if not options["json"]:
                self._say(describe_throughput(measured[-1]))
        needs = estimate_needs(measured, estimated) if len(set(counts)) > 1 else []
        if options["json"]:
            rows = [{**asdict(one), "runs_a_minute": one.runs_a_minute} for one in measured]
            result = {"measured": rows, "estimated": [asdict(need) for need in needs]}
            self.stdout.write(json.dumps(result))
            return
        self._say([describe_need(need) for need in needs])

    def _say(self, lines: list[str]) -> None:
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def _read_counts(words: str) -> list[int]:
    try:
        counts = [int(word) for word in words.split(",")]
    except ValueError:
        counts = []
    if not counts or min(counts) < 1:
        raise CommandError(f"Got {words!r}; use numbers from 1 up, with commas between them.")
    return counts
