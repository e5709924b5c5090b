from __future__ import annotations

from pathlib import Path

import pytest

from inference.checkpoint import load
from inference.make_random import make_random
from inference.models.kimi import Kimi


@pytest.fixture(scope="session")
def random_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkpoint") / "S"
    make_random(folder, seed=7)
    return folder


@pytest.fixture
def model(random_checkpoint: Path) -> Kimi:
    return load(random_checkpoint)
