"""`python -m kernels bench`: time each operation, relative to two limits of this GPU."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import torch

from kernels.bench.cases import CASES, Case
from kernels.bench.tune import tune_cases
from kernels.dispatch import find_gpu


@dataclass(frozen=True)
class Ceilings:
    """The limits of this GPU: bandwidth of a copy, and speed of a bf16 matrix product."""

    bytes_per_second: float
    operations_per_second: float


@dataclass(frozen=True)
class BenchRow:
    """The result for one case.

    `others`: how many times slower than ours each alternative is; None if it failed or does not
    support the case.
    """

    operation: str
    shape: str
    milliseconds: float
    bandwidth: float  # share of the copy's
    arithmetic: float  # share of the matrix product's
    others: dict[str, float | None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--op", action="append", choices=sorted(CASES), help="time only this; may be repeated"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--tune",
        action="store_true",
        help="first try other tile sizes and store the fastest ones for this machine",
    )


def run(args: argparse.Namespace) -> int:
    name = find_gpu()
    if name is None:
        print(
            "There is no GPU that Triton supports; it needs CUDA and sm_80 or newer.",
            file=sys.stderr,
        )
        return 2
    torch.manual_seed(0)
    operations = args.op or sorted(CASES)
    if args.tune:
        for operation in operations:
            for line in tune_cases(name, CASES[operation](), measure_milliseconds):
                print(line, file=sys.stderr)
    limits = measure_ceilings()
    rows = []
    for operation in operations:
        for case in CASES[operation]():
            row = measure_case(case, limits)
            rows.append(row)
            print(f"{row.operation}, {row.shape}: {row.milliseconds:.4f} ms", file=sys.stderr)
            torch.cuda.empty_cache()
    about = {
        "device": name,
        "commit": _read_commit(),
        "date": datetime.now(UTC).date().isoformat(),
        **asdict(limits),
    }
    if args.json:
        print(json.dumps({**about, "rows": [asdict(row) for row in rows]}))
    else:
        print(write_table(about, rows))
    return 0


def measure_milliseconds(call: Callable[[], object]) -> float:
    """Return the median of many runs, with caches cleared before each run."""
    from triton.testing import do_bench

    return float(do_bench(call, warmup=50, rep=200, return_mode="median"))


def measure_ceilings() -> Ceilings:
    """Measure the limits with random numbers."""
    source = torch.randn(1 << 30, dtype=torch.bfloat16, device="cuda")
    target = torch.empty_like(source)
    copy = 2 * source.nbytes / (measure_milliseconds(lambda: target.copy_(source)) / 1e3)
    side = 8192
    elements = side * side
    a = source[:elements].view(side, side)
    b = source[elements : 2 * elements].view(side, side)
    product = 2 * side**3 / (measure_milliseconds(lambda: a @ b) / 1e3)
    return Ceilings(copy, product)


def measure_case(case: Case, limits: Ceilings) -> BenchRow:
    own = measure_milliseconds(case.ours)
    others: dict[str, float | None] = {}
    for label, call in case.others.items():
        try:
            others[label] = measure_milliseconds(call) / own
        except Exception as error:
            print(f"{case.operation}, {case.shape}: {label} failed: {error}", file=sys.stderr)
            others[label] = None
    seconds = own / 1e3
    bandwidth = case.bytes / seconds
    arithmetic = case.operations / seconds
    return BenchRow(
        case.operation,
        case.shape,
        own,
        bandwidth / limits.bytes_per_second,
        arithmetic / limits.operations_per_second,
        others,
    )


def write_table(about: dict[str, object], rows: list[BenchRow]) -> str:
    """Return the table in the format of docs/performance.md."""
    copy = float(str(about["bytes_per_second"]))
    product = float(str(about["operations_per_second"]))
    lines = [
        f"{about['device']}, commit {about['commit']}, {about['date']}: "
        f"copies {copy / 1e12:.2f} TB/s, multiplies {product / 1e12:.0f} TFLOP/s (bf16).",
        "",
        "| operation | shape | ms | of copy | of matmul | times slower |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        others = ", ".join(
            f"{name} {_format_factor(slower)}" for name, slower in row.others.items()
        )
        lines.append(
            f"| {row.operation} | {row.shape} | {row.milliseconds:.4f} | {row.bandwidth:.0%} "
            f"| {row.arithmetic:.0%} | {others or '–'} |"
        )
    return "\n".join(lines)


def _format_factor(slower: float | None) -> str:
    return f"{slower:.2f}" if slower else "–"


def _read_commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, check=False, cwd=Path(__file__).parent
    )
    return done.stdout.strip() or "unknown"
