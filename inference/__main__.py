"""`python -m inference COMMAND …`: the engine's commands; only the one asked for is imported."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from inference.checkpoint.json_fields import CheckpointError

# Each module has add_arguments(parser) and run(args), which may return an exit status.
COMMANDS = {
    "logits": (
        "inference.engine.logits",
        "compute a checkpoint's logits for given inputs, in float32",
    ),
    "bench": (
        "inference.bench",
        "measure a checkpoint here, beside llama.cpp with the same weights",
    ),
    "serve": ("inference.server", "serve a checkpoint over HTTP, as OpenAI and Anthropic do"),
    "make-random": (
        "inference.checkpoint.make_random",
        "write a small checkpoint with random weights in the true layout",
    ),
}


def main(arguments: list[str]) -> int:
    listed = "\n".join(f"  {name:<12} {says}" for name, (_, says) in COMMANDS.items())
    usage = f"usage: python -m inference COMMAND …\n\n{listed}\n\n`python -m inference COMMAND --help` tells more."
    if not arguments or arguments[0] in ("-h", "--help"):
        print(usage)
        return 0 if arguments else 2
    if arguments[0] not in COMMANDS:
        print(
            f"There is no command {arguments[0]!r}; allowed are {', '.join(COMMANDS)}.",
            file=sys.stderr,
        )
        return 2
    name, says = COMMANDS[arguments[0]]
    module = import_module(name)
    about = f"{says[0].upper()}{says[1:]}."
    parser = argparse.ArgumentParser(prog=f"python -m inference {arguments[0]}", description=about)
    module.add_arguments(parser)
    try:
        return int(module.run(parser.parse_args(arguments[1:])) or 0)
    except CheckpointError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
