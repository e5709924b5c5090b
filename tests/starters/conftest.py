"""The applications that `make starters` made, each copied for one test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.pipeline.rendering.render import Renderer

FOLDER = os.environ.get("STARTERS", "")


@pytest.fixture(scope="session")
def starters() -> Path:
    """The folder that the starters are made in."""
    if not FOLDER:
        pytest.skip("There are no starters: run `make starters`.")
    return Path(FOLDER)


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer
