"""`python -m kernels COMMAND …`: the kernels' own commands; only the one asked for is imported."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from importlib.util import find_spec

# Each module has add_arguments(parser) and run(args), which returns an exit status.
COMMANDS = {
    "check": (
        "kernels.check",
        "compile every Triton kernel for GPUs that need not be here, and say what came of it",
    ),
    "bench": (
        "kernels.bench",
        "time every operation on the GPU here, against what a copy and a matrix product reach",
    ),
}


def main(arguments: list[str]) -> int:
    listed = "\n".join(f"  {name:<8} {says}" for name, (_, says) in COMMANDS.items())
    if not arguments or arguments[0] in ("-h", "--help"):
        print(
            f"usage: python -m kernels COMMAND …\n\n{listed}\n\n`python -m kernels COMMAND --help` tells more."
        )
        return 0 if arguments else 2
    if arguments[0] not in COMMANDS:
        print(
            f"There is no command {arguments[0]!r}; allowed are {', '.join(COMMANDS)}.",
            file=sys.stderr,
        )
        return 2
    for package, extra in (("torch", "engine"), ("triton", "gpu")):
        if find_spec(package) is None:
            print(
                f"{package} is not installed: pip install the extra `{extra}` of pyproject.toml.",
                file=sys.stderr,
            )
            return 2
    home, says = COMMANDS[arguments[0]]
    module = import_module(home)
    about = f"{says[0].upper()}{says[1:]}."
    parser = argparse.ArgumentParser(prog=f"python -m kernels {arguments[0]}", description=about)
    module.add_arguments(parser)
    return int(module.run(parser.parse_args(arguments[1:])))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
