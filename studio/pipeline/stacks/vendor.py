"""The frameworks that came with the set-up: read from here, never fetched."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from studio.pipeline.stacks.kinds import StackError

MODULES = Path(__file__).resolve().parents[3] / "node_modules"


@cache
def read_vendored_file(path: str) -> str:
    """A package's file as text; raises StackError where the set-up did not put it."""
    try:
        return (MODULES / path).read_text("utf-8")
    except OSError:
        raise StackError(f"{path} is not there to make this page: run `make setup`.") from None
