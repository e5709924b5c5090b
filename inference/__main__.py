"""`python -m inference COMMAND …`: the engine's commands, each imported only when it is called."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from inference.checkpoint.json_fields import CheckpointError

# Name: (module, description). Each module has add_arguments(parser) and run(args), which may
# return an exit status.
COMMANDS = {
    "logits": (
        "inference.engine.logits",
        "compute a checkpoint's logits for given inputs, in float32",
    ),
    "bench": (
        "inference.bench",
        "measure the speed of a checkpoint on this machine, optionally against llama.cpp",
    ),
    "serve": (
        "inference.server",
        "serve a checkpoint over HTTP with the APIs of OpenAI and Anthropic",
    ),
    "make-random": (
        "inference.checkpoint.make_random",
        "write a small checkpoint with random weights in the layout of the real one",
    ),
}


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help"):
        print(_format_usage())
        return 0 if arguments else 2
    command, *rest = arguments
    if command not in COMMANDS:
        print(f"Unknown command {command!r}; use {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    module_name, summary = COMMANDS[command]
    module = import_module(module_name)
    description = f"{summary[0].upper()}{summary[1:]}."
    parser = argparse.ArgumentParser(prog=f"python -m inference {command}", description=description)
    module.add_arguments(parser)
    try:
        return int(module.run(parser.parse_args(rest)) or 0)
    except CheckpointError as error:
        print(error, file=sys.stderr)
        return 1


def _format_usage() -> str:
    commands = "\n".join(f"  {name:<12} {summary}" for name, (_, summary) in COMMANDS.items())
    return (
        f"usage: python -m inference COMMAND …\n\n{commands}\n\n"
        "Run `python -m inference COMMAND --help` for the options of a command."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
