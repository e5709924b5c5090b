"""`python -m inference bench`: how fast a checkpoint is computed here, beside llama.cpp with the
same weights.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from inference.bench.clock import CLOCKS
from inference.checkpoint.json_fields import CheckpointError
from kernels.dispatch import WISHES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("checkpoint", type=Path, help="a checkpoint's folder")
    parser.add_argument(
        "--batch",
        type=_parse_numbers,
        default=[1, 8, 16],
        help="sequences at once (default: 1,8,16)",
    )
    parser.add_argument(
        "--context",
        type=_parse_numbers,
        default=[64, 512, 4096],
        help="their tokens (default: 64,512,4096)",
    )
    parser.add_argument(
        "--peer", choices=["llama.cpp"], help="measured in turns with ours, on the same core"
    )
    parser.add_argument(
        "--build-peer",
        action="store_true",
        help="compile llama.cpp for this CPU first, once (minutes)",
    )
    parser.add_argument(
        "--core", type=int, help="the core both are bound to (default: the last that is allowed)"
    )
    parser.add_argument(
        "--clock", choices=CLOCKS, default="wall", help="cpu: not counting time given to others"
    )
    parser.add_argument(
        "--kernels",
        choices=WISHES,
        default="auto",
        help="compiled: int8 products; reference: float32",
    )
    parser.add_argument(
        "--refine",
        action="store_true",
        help="a refine round too: guesses and known prefix, or neither",
    )
    parser.add_argument(
        "--quality", action="store_true", help="KL and top-1 against the exact path too, by layers"
    )
    parser.add_argument(
        "--long", type=int, metavar="TOKENS", help="a prompt of so many tokens in pieces, too"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")


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
    """Binds this process and those it starts to one core, before any library counts them; None
    where none can be.
    """
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    if not hasattr(os, "sched_setaffinity"):
        return None
    allowed = os.sched_getaffinity(0)
    chosen = max(allowed) if core is None else core
    if chosen not in allowed:
        raise CheckpointError(
            f"--core is {core}; allowed here are {', '.join(map(str, sorted(allowed)))}."
        )
    os.sched_setaffinity(0, {chosen})
    return chosen


def _parse_numbers(text: str) -> list[int]:
    numbers = [int(number) if number.strip().isdigit() else 0 for number in text.split(",")]
    if not numbers or min(numbers) < 1:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not allowed; it must be whole numbers above 0, as in 1,8,16"
        )
    return numbers
