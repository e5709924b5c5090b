"""The sample mockups of the start page; their HTML sources are in static/samples."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import IO

from django.conf import settings


@cache
def list_names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in _get_folder().glob("*.png")))


def open_sample(name: str) -> IO[bytes]:
    return (_get_folder() / f"{name}.png").open("rb")


def _get_folder() -> Path:
    return Path(settings.BASE_DIR) / "static" / "samples"
