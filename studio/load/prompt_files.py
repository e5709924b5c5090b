"""What the commands that measure pages from words ask for: entries of a TOML file, each with a key."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError


def read_entries(path: Path, table: str, only: Collection[str]) -> list[dict[str, Any]]:
    """Return the entries of a file's `table`, all or those whose keys are named. Raises CommandError."""
    try:
        entries: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))[table]
    except (OSError, KeyError, ValueError) as error:
        raise CommandError(f"{path} has no {table}: {error}") from None
    keys = [entry["key"] for entry in entries]
    if unknown := sorted(set(only) - set(keys)):
        raise CommandError(f"{path.name} has no {unknown[0]!r}; use {', '.join(keys)}.")
    return [entry for entry in entries if not only or entry["key"] in only]
