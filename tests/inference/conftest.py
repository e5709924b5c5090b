"""One random checkpoint for all tests of the engine; nobody writes to it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# Before torch is loaded. On models this small a second thread only spins: on a busy machine the
# engine's property test took 98 s with it and 3 s without.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session")
def random_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from inference.checkpoint.make_random import make_random

    folder = tmp_path_factory.mktemp("checkpoint") / "S"
    make_random(folder, seed=7)
    return folder
