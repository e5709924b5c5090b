"""The frameworks' files that the set-up installed; nothing is fetched."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from studio.pipeline.stacks.kinds import StackError

MODULES = Path(__file__).resolve().parents[3] / "node_modules"


@cache
def read_vendored_file(path: str) -> str:
    """Return a package's file as text; raises StackError if the set-up did not install it."""
    try:
        return (MODULES / path).read_text("utf-8")
    except OSError:
        raise StackError(f"{path} is not installed: run `make setup`.") from None
