"""`python -m kernels COMMAND …`: commands of the kernels, each imported only when it is called."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from importlib.util import find_spec

# Name: (module, description). Each module has add_arguments(parser) and run(args), which returns an
# exit status.
COMMANDS = {
    "check": (
        "kernels.check",
        "compile every Triton kernel for several GPU architectures, without a GPU, and report "
        "registers, spills, shared memory and matrix instructions",
    ),
    "bench": (
        "kernels.bench",
        "time every operation on this GPU, relative to a copy and a matrix product",
    ),
}
# Package: the extra of pyproject.toml that installs it.
REQUIRED = {"torch": "engine", "triton": "gpu"}


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help"):
        print(_format_usage())
        return 0 if arguments else 2
    command, *rest = arguments
    if command not in COMMANDS:
        print(f"Unknown command {command!r}; use {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    for package, extra in REQUIRED.items():
        if find_spec(package) is None:
            print(
                f"{package} is not installed; install the extra `{extra}` of pyproject.toml.",
                file=sys.stderr,
            )
            return 2
    module_name, summary = COMMANDS[command]
    module = import_module(module_name)
    description = f"{summary[0].upper()}{summary[1:]}."
    parser = argparse.ArgumentParser(prog=f"python -m kernels {command}", description=description)
    module.add_arguments(parser)
    return int(module.run(parser.parse_args(rest)))


def _format_usage() -> str:
    commands = "\n".join(f"  {name:<8} {summary}" for name, (_, summary) in COMMANDS.items())
    return (
        f"usage: python -m kernels COMMAND …\n\n{commands}\n\n"
        "Run `python -m kernels COMMAND --help` for the options of a command."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
