"""Which model a run from words alone gets."""

from __future__ import annotations

from typing import Any

import pytest

from studio.runs import worker
from studio.runs.model_choices import can_write


@pytest.mark.parametrize(
    ("url", "writes"),
    [("", False), ("local:likeness-mini", False), ("http://127.0.0.1:9/v1", True)],
)
def test_what_can_write(url: str, writes: bool) -> None:
    assert can_write(url) is writes


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "chosen"),
    [
        ("", "http://127.0.0.1:7/v1"),
        ("local:likeness-mini", "http://127.0.0.1:7/v1"),
        ("http://127.0.0.1:9/v1", "http://127.0.0.1:9/v1"),
    ],
)
def test_words_alone_go_to_the_writer_unless_a_model_writes(
    settings: Any, monkeypatch: pytest.MonkeyPatch, url: str, chosen: str
) -> None:
    settings.MODEL_URL = url
    monkeypatch.setattr(worker, "find_writer", lambda data_dir: "http://127.0.0.1:7/v1")
    run = worker.Run(kind=worker.Run.Kind.TEXT, prompt="A page for boats")
    assert worker.choose_model(run) == (chosen, None)
