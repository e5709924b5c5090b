"""`python -m inference make-random`: a checkpoint with random weights, in every other way like the
real one.

For benches and tests: the same names, packing, shards, tokenizer files and settings, at a size that
fits anywhere.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from inference.checkpoint.config import read_config
from inference.checkpoint.json_fields import CheckpointError
from inference.checkpoint.make_random.settings import make_settings
from inference.checkpoint.make_random.sizes import SIZES
from inference.checkpoint.make_random.weights import write_weights
from inference.checkpoint.make_random.words import write_tokenizer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", type=Path, help="the folder to write; made when it is not there, must be empty"
    )
    parser.add_argument(
        "--size",
        choices=sorted(SIZES),
        default="S",
        help="million parameters: XS 0.3, S 1, MLA 2 (with K2.6's widths of attention, so that vLLM loads it), M 122",
    )
    parser.add_argument(
        "--seed", type=int, default=0, help="the same seed and size give the same weights"
    )
    parser.add_argument(
        "--bf16", action="store_true", help="the same model with its experts unpacked to bf16"
    )


def run(args: argparse.Namespace) -> None:
    make_random(args.folder, size=args.size, seed=args.seed, bf16=args.bf16)


def make_random(folder: Path, *, size: str = "S", seed: int = 0, bf16: bool = False) -> None:
    """A random checkpoint of a size in `SIZES`; with `bf16` the experts hold what their INT4 form
    stands for.

    Raises CheckpointError when `folder` is not empty or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise CheckpointError(f"{folder} is not empty; use a new folder.")
        for name, content in make_settings(SIZES[size], packed=not bf16).items():
            (folder / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        write_tokenizer(folder, SIZES[size].vocab_size)
        write_weights(folder, read_config(folder), seed=seed, packed=not bf16)
    except OSError as error:
        raise CheckpointError(f"{folder} cannot be written: {error}.") from None
