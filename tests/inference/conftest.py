"""One random checkpoint for all tests of the engine; nobody writes to it."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def random_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from inference.checkpoint.make_random import make_random

    folder = tmp_path_factory.mktemp("checkpoint") / "S"
    make_random(folder, seed=7)
    return folder
