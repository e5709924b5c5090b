from __future__ import annotations

from pathlib import Path

import pytest

from inference.checkpoint.load import load
from inference.models.kimi import Kimi


@pytest.fixture
def model(random_checkpoint: Path) -> Kimi:
    return load(random_checkpoint)
