"""A real small model, read from a random checkpoint, and engines around it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from inference.chat.tokenizer import Tokenizer, read_tokenizer
from inference.checkpoint.load import load
from inference.engine.batch import Model
from inference.engine.engine import Engine
from inference.engine.scheduler import Limits
from inference.models.kimi import Kimi

NewEngine = Callable[..., Engine]


@pytest.fixture(scope="session")
def model(random_checkpoint: Path) -> Kimi:
    return load(random_checkpoint)


@pytest.fixture(scope="session")
def tokenizer(random_checkpoint: Path) -> Tokenizer:
    return read_tokenizer(random_checkpoint)


@pytest.fixture(scope="session")
def new_engine(model: Kimi, tokenizer: Tokenizer) -> NewEngine:
    return engines(model, tokenizer)


@pytest.fixture(scope="session")
def new_compiled_engine(random_checkpoint: Path, tokenizer: Tokenizer) -> NewEngine:
    from inference.models.compiled import Compiled

    return engines(Compiled(load(random_checkpoint)), tokenizer)


def engines(model: Model, tokenizer: Tokenizer) -> NewEngine:
    """Engine(**limits); its cache is poisoned, so that a read of what nobody wrote shows."""

    def make(**limits: int) -> Engine:
        small = {"blocks": 64, "block_size": 4, "step_tokens": 16, "running": 8}
        engine = Engine(model, tokenizer, Limits(**{**small, **limits}))
        engine.runner.cache.fill_(torch.nan)
        return engine

    return make
