"""A mockup that takes too much to read fails its run with one sentence, and its memory is given
back.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from studio.pipeline.perception.confined_hints import ConfinedPerception, PerceptionLimit
from studio.pipeline.perception.perceive import find_hints
from studio.runs import worker
from studio.runs.models import Run
from studio.runs.services import start_run
from studio.uploads.services import store_upload
from tests.people import cast
from tests.studio.runs.making import project

SAMPLE = Path(__file__).resolve().parents[3] / "static" / "samples" / "sign-up.png"


@pytest.fixture(scope="module")
def mockup() -> Image.Image:
    return Image.open(SAMPLE).convert("RGB")


@pytest.fixture
def small() -> Iterator[ConfinedPerception]:
    """One that cannot even load its libraries' data."""
    perception = ConfinedPerception(megabytes=330, seconds=60)
    yield perception
    perception.close()


def test_it_sees_what_perception_sees(mockup: Image.Image) -> None:
    perception = ConfinedPerception(megabytes=1500, seconds=60)
    try:
        assert perception(mockup) == find_hints(mockup)
    finally:
        perception.close()


def test_too_much_memory_is_one_sentence(small: ConfinedPerception, mockup: Image.Image) -> None:
    with pytest.raises(
        PerceptionLimit,
        match=r"1280 × 800 px takes more than 330 MB to read \(PERCEPTION_MEGABYTES\)",
    ):
        small(mockup)


def test_too_much_time_is_one_sentence(mockup: Image.Image) -> None:
    perception = ConfinedPerception(megabytes=1500, seconds=0)
    with pytest.raises(
        PerceptionLimit, match=r"takes more than 0 s to read \(PERCEPTION_SECONDS\)"
    ):
        perception(mockup)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("valkey")
def test_the_run_fails_with_it(small: ConfinedPerception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "get_perception", lambda: small)
    with SAMPLE.open("rb") as file:
        upload = store_upload(team=project().team, file=file)
    run = start_run(project=project(), by=cast("ada"), upload=upload)
    worker.process_next_run()
    run.refresh_from_db()
    assert run.state == Run.State.FAILED
    assert "PERCEPTION_MEGABYTES" in run.message


def test_a_worker_that_grew_is_replaced() -> None:
    from studio.config.celery import app

    assert app.conf.worker_max_memory_per_child == 1_200_000  # KiB: WORKER_MEGABYTES
    assert settings.PERCEPTION_MEGABYTES == 900
