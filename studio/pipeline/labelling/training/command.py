"""The stages of the training, from folders of pages to a checkpoint.

Each continues where it stopped.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

FOLDER = Path("local/training")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "stage",
        nargs="?",
        default="all",
        choices=["all", *STAGES],
        help="harvest pages; make samples of them; learn; export a checkpoint; run the gates; draw unseen pages with "
        "their labels (sheets); learn from parts of the sites (variety); all: the first four",
    )
    parser.add_argument(
        "--pages", type=Path, help="folder with one folder per collection of HTML pages"
    )
    parser.add_argument(
        "--packages",
        type=Path,
        help="node_modules with the CSS libraries that pages link from other servers",
    )
    parser.add_argument(
        "--folder", type=Path, default=FOLDER, help=f"folder for all data (default {FOLDER})"
    )
    parser.add_argument(
        "--preset", default="mini", help="the model's size: tiny, mini or base (default mini)"
    )
    parser.add_argument(
        "--minutes", type=float, default=60.0, help="minutes of learning (default 60)"
    )
    parser.add_argument("--rate", type=float, default=3e-3, help="learning rate (default 0.003)")
    parser.add_argument("--batch", type=int, default=5_000, help="tokens per step (default 5000)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1, help="CPU threads (default 1)")
    parser.add_argument("--device", default="cpu", help="cpu or cuda (default cpu)")
    parser.add_argument("--count", type=int, default=4, help="pages to draw (default 4)")
    parser.add_argument(
        "--out", type=Path, help="the checkpoint's folder (default FOLDER/checkpoint)"
    )


def run(args: argparse.Namespace) -> int:
    from studio.pipeline.labelling.training.presets import PRESETS

    if args.preset not in PRESETS:
        print(f"--preset is {args.preset!r}; use one of {', '.join(PRESETS)}.", file=sys.stderr)
        return 2
    args.folder.mkdir(parents=True, exist_ok=True)
    stages = ("harvest", "samples", "learn", "export") if args.stage == "all" else (args.stage,)
    for stage in stages:
        try:
            STAGES[stage](args)
        except StageError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


class StageError(Exception):
    """A stage lacks something; the message says what, in one sentence."""


def _run_harvest(args: argparse.Namespace) -> None:
    from studio.pipeline.labelling.training.harvest import harvest_pages

    if args.pages is None or not args.pages.is_dir():
        raise StageError(
            f"--pages is {args.pages}; pass a folder that holds collections of HTML pages."
        )
    added = harvest_pages(
        args.pages, args.folder / "facts.jsonl", packages=args.packages, seed=args.seed
    )
    print(f"{added} pages harvested into {args.folder / 'facts.jsonl'}.")


def _run_samples(args: argparse.Namespace) -> None:
    from inference.chat.tokenizer import read_tokenizer
    from studio.pipeline.labelling.training.dataset import read_samples, write_samples
    from studio.pipeline.labelling.training.presets import write_files

    facts = _require_file(args, "facts.jsonl", "harvest")
    out = args.folder / "samples"
    write_files(args.folder / "files", args.preset)
    added = write_samples(facts, out, read_tokenizer(args.folder / "files"), seed=args.seed)
    train, valid = read_samples(out)
    print(
        f"{added} new shards: {len(train)} questions for training, {len(valid)} of held-out sites, in {out}."
    )


def _run_learn(args: argparse.Namespace) -> None:
    from studio.pipeline.labelling.training.curves import draw_curves
    from studio.pipeline.labelling.training.train import TrainingPlan, train

    plan = TrainingPlan(
        args.preset, args.minutes, args.rate, args.batch, args.seed, args.threads, args.device
    )
    train(_require_file(args, "samples", "samples"), args.folder / "run", plan)
    try:
        draw_curves(args.folder / "run" / "metrics.csv", args.folder / "run" / "curves.png")
    except ImportError:
        print("The curves are not drawn: install matplotlib (the extra `train`).", file=sys.stderr)


def _run_export(args: argparse.Namespace) -> None:
    from studio.pipeline.labelling.training.checkpoint_export import export_checkpoint

    _require_file(args, "run/last.pt", "learn")
    out = args.out or args.folder / "checkpoint"
    size = export_checkpoint(args.folder / "run", out, args.preset)
    print(f"{size / 1e6:.1f} MB of weights in {out}.")


def _run_gates(args: argparse.Namespace) -> None:
    from studio.pipeline.labelling.training.gates import run_gates

    samples = _require_file(args, "samples", "samples")
    out = _find_checkpoint(args)
    print(run_gates(samples, args.folder, out, args.preset, args.minutes))


def _run_sheets(args: argparse.Namespace) -> None:
    from studio.pipeline.labelling.training.contact_sheets import draw_sheets

    facts = _require_file(args, "facts.jsonl", "harvest")
    samples = _require_file(args, "samples", "samples")
    checkpoint = _find_checkpoint(args)
    for path in draw_sheets(facts, samples, checkpoint, args.folder / "sheets", args.count):
        print(path)


def _run_variety(args: argparse.Namespace) -> None:
    from studio.pipeline.labelling.training.presets import write_files
    from studio.pipeline.labelling.training.variety import measure_variety

    files = args.folder / "files"
    write_files(files, args.preset)
    samples = _require_file(args, "samples", "samples")
    print(json.dumps(measure_variety(samples, files, args.minutes), indent=2))


def _find_checkpoint(args: argparse.Namespace) -> Path:
    out: Path = args.out or args.folder / "checkpoint"
    if not (out / "config.json").is_file():
        raise StageError(
            f"{out} holds no checkpoint; run `python -m studio.pipeline.labelling.training export` first."
        )
    return out


def _require_file(args: argparse.Namespace, name: str, stage: str) -> Path:
    path: Path = args.folder / name
    if not path.exists():
        raise StageError(
            f"{path} is missing; run `python -m studio.pipeline.labelling.training {stage}` first."
        )
    return path


STAGES: dict[str, Callable[[argparse.Namespace], None]] = {
    "harvest": _run_harvest,
    "samples": _run_samples,
    "learn": _run_learn,
    "export": _run_export,
    "gates": _run_gates,
    "sheets": _run_sheets,
    "variety": _run_variety,
}
