"""`manage.py bench_perception` measures a real reading in a confined process."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from studio.load.perception_memory import STAGES, make_page, read_status
from studio.management.commands.bench_perception import parse_size


def test_a_reading_is_measured_by_process_and_by_stage(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("bench_perception", "640x480", "--stages", "--json")
    found = json.loads(capsys.readouterr().out)
    [reading] = found["readings"]
    assert (reading["width"], reading["height"]) == (640, 480)
    assert min(reading["resident"], reading["private"]) > 100  # the recognizer's models alone
    assert set(found["stages"]["640x480"]) == set(STAGES)
    assert found["stages"]["640x480"]["text"] > 100


@pytest.mark.parametrize("size", ["1280", "0x800", "ax800", "1280x-1"])
def test_another_size_is_one_sentence(size: str) -> None:
    with pytest.raises(CommandError, match="use WIDTHxHEIGHT in pixels"):
        parse_size(size)


def test_a_page_begins_with_the_samples() -> None:
    page = make_page(1500, 900)
    assert page.size == (1500, 900)
    assert len(page.crop((0, 0, 1280, 800)).getcolors(1_000_000) or ()) > 100
    assert page.crop((1280, 0, 1500, 900)).getcolors() == [(220 * 900, (255, 255, 255))]


def test_a_process_that_has_ended_has_no_memory() -> None:
    assert read_status(2**22 + 1, "VmRSS") == 0
    assert read_status("self", "VmRSS") > 10
