"""`python -m inference bench`: measure the speed of a checkpoint, optionally against llama.cpp."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from inference.bench.clock import CLOCKS
from inference.checkpoint.json_fields import CheckpointError
from kernels.dispatch import WISHES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("checkpoint", type=Path, help="the folder of a checkpoint")
    parser.add_argument(
        "--batch",
        type=_parse_numbers,
        default=[1, 8, 16],
        help="numbers of sequences in a batch (default: 1,8,16)",
    )
    parser.add_argument(
        "--context",
        type=_parse_numbers,
        default=[64, 512, 4096],
        help="numbers of tokens in a sequence (default: 64,512,4096)",
    )
    parser.add_argument(
        "--peer",
        choices=["llama.cpp"],
        help="also measure this engine, alternating with ours on the same core",
    )
    parser.add_argument(
        "--build-peer",
        action="store_true",
        help="compile llama.cpp for this CPU if it is not there yet (takes minutes)",
    )
    parser.add_argument(
        "--core", type=int, help="the core that both engines use (default: the last available)"
    )
    parser.add_argument(
        "--clock",
        choices=CLOCKS,
        default="wall",
        help="wall: elapsed time (default); cpu: processor time of the process",
    )
    parser.add_argument(
        "--kernels",
        choices=WISHES,
        default="auto",
        help="compiled: int8 products; reference: float32 (default: auto)",
    )
    parser.add_argument(
        "--refine",
        action="store_true",
        help="also measure a refine round with and without draft tokens and prefix cache",
    )
    parser.add_argument(
        "--quality",
        action="store_true",
        help="also compare the compiled path with the exact one (KL and top-1, by layers)",
    )
    parser.add_argument(
        "--long", type=int, metavar="TOKENS", help="also measure a chunked prompt of this length"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(args: argparse.Namespace) -> None:
    from inference.bench.builds import find_local_build, find_wheel_build

    peer = None
    if args.peer or args.build_peer:
        peer = find_local_build(build=args.build_peer) or find_wheel_build()
    core = bind(args.core)

    from inference.bench.measure import measure
    from inference.bench.report import print_table

    report, model = measure(
        args.checkpoint, args.kernels, args.batch, args.context, peer, core, args.clock
    )
    if args.refine:
        from inference.bench.refine import refine_round
        from inference.chat.tokenizer import read_tokenizer

        report["refine"] = refine_round(model, read_tokenizer(args.checkpoint), args.clock)
    if args.quality:
        from inference.bench.quality import measure_layers

        report["quality"] = measure_layers(args.checkpoint)
    if args.long:
        from inference.bench.long import measure_long_context

        report["long"] = measure_long_context(model, args.long)
    if args.json:
        print(json.dumps(report, indent=2))
    else:
        print_table(report)


def bind(core: int | None) -> int | None:
    """Bind this process and its children to one core, and return it; None if not supported.

    Must run before any library counts the cores.
    """
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    if not hasattr(os, "sched_setaffinity"):
        return None
    available = os.sched_getaffinity(0)
    chosen = max(available) if core is None else core
    if chosen not in available:
        cores = ", ".join(map(str, sorted(available)))
        raise CheckpointError(f"--core is {core}; use one of {cores}.")
    os.sched_setaffinity(0, {chosen})
    return chosen


def _parse_numbers(text: str) -> list[int]:
    numbers = [int(number) if number.strip().isdigit() else 0 for number in text.split(",")]
    if not numbers or min(numbers) < 1:
        raise argparse.ArgumentTypeError(
            f"{text!r} is invalid; use whole numbers above 0, such as 1,8,16"
        )
    return numbers
