"""The Celery worker computes with our own engine in its process, and several runs share its batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from inference.checkpoint.make_random import make_random
from tests.e2e.asking import events, page, start_run
from tests.processes import Studio, studio


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("local")
    make_random(folder / "model", seed=7)
    settings = {
        "MODEL_URL": f"local:{folder / 'model'}",
        "RUN_ROUNDS": "1",
        "RUN_TARGET": "1",
        "RUN_TOKENS": "9000",
    }
    with studio(folder / "data", **settings) as running:
        yield running


def told(served: Studio, run: str) -> list[dict[str, Any]]:
    with events(served, run) as coming:
        return list(coming)


def test_a_run_is_written_by_the_engine_inside_the_worker(
    served: Studio, mockup_png: bytes
) -> None:
    run = start_run(served, mockup_png)
    seen = told(served, run)
    # Random weights write nonsense; that they wrote, and the run came to its end, is what counts.
    assert any(event["kind"] == "chunk" for event in seen)
    assert (seen[-1]["kind"], seen[-1]["data"]) == ("over", {"state": "finished"})
    assert ">finished<" in page(served, run)
    assert not served.find("inference serve"), "no server beside it"
