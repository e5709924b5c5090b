"""Run one stage of the training: `python -m studio.pipeline.labelling.training [STAGE]`."""

from __future__ import annotations

import argparse
import sys

from inference.checkpoint.json_fields import CheckpointError
from studio.pipeline.labelling.training.command import add_arguments, run


def main(arguments: list[str]) -> int:
    """Return the exit status.

    It is 1 for a checkpoint that cannot be read or a stage that lacks its input.
    """
    parser = argparse.ArgumentParser(
        prog="python -m studio.pipeline.labelling.training",
        description="Train likeness-mini: harvest pages, make samples, learn, export, run the gates.",
    )
    add_arguments(parser)
    try:
        return run(parser.parse_args(arguments))
    except CheckpointError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
