"""`manage.py bench_words`: its prompts, and one page with a scripted model."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from studio.load.prompt_files import read_entries
from studio.management.commands.bench_words import PROMPTS, SETS
from studio.pipeline.outline.writer_model import WRITER_NAME
from tests.inference.client.scripted import delta, serving, stream

TEXTS = {"title": "Bread from our own oven", "text": "Every morning we bake rye and wheat."}


@pytest.mark.parametrize("name", ["first", "second", "third"])
def test_there_are_twenty_prompts_of_six_kinds(name: str) -> None:
    prompts = read_entries(SETS / f"{name}.toml", "prompts", [])
    assert len({prompt["key"] for prompt in prompts}) == 20
    assert set(Counter(prompt["kind"] for prompt in prompts)) == {
        "place",
        "shop",
        "software",
        "portfolio",
        "event",
        "application",
    }


def test_prompts_are_chosen_by_their_keys() -> None:
    assert [prompt["key"] for prompt in read_entries(PROMPTS, "prompts", ["candles"])] == [
        "candles"
    ]
    with pytest.raises(CommandError, match="no 'tea'; use swimming"):
        read_entries(PROMPTS, "prompts", ["tea"])


def test_a_file_that_holds_no_prompts_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("x = 1")
    with pytest.raises(CommandError, match="has no prompts"):
        read_entries(tmp_path / "a.toml", "prompts", [])


def test_a_page_is_made_measured_and_pictured(tmp_path: Path) -> None:
    prompts = tmp_path / "prompts.toml"
    prompts.write_text(
        'prompts = [{ key = "lia", kind = "place", text = "A page for a bakery called Lia" }]'
    )
    out = io.StringIO()
    with serving() as server:
        server.models = {"data": [{"id": WRITER_NAME}]}
        server.says(stream(delta(content=json.dumps(TEXTS)), delta(finish="stop")))
        call_command(
            "bench_words",
            prompts=prompts,
            model_url=server.url,
            out=tmp_path / "pages",
            json=True,
            stdout=out,
        )
        assert server.bodies
    row = json.loads(out.getvalue())
    assert (row["key"], row["overflow"]) == ("lia", 0)
    assert 0 < row["first_section"] <= row["seconds"]
    assert 0.8 < row["quality"] <= 1
    page = (tmp_path / "pages" / "lia" / "index.html").read_text()
    assert TEXTS["title"] in page
    for picture in ("wide.png", "narrow.png"):
        assert (tmp_path / "pages" / "lia" / picture).read_bytes().startswith(b"\x89PNG")


def test_free_writing_leaves_the_page_to_the_model(tmp_path: Path) -> None:
    prompts = tmp_path / "prompts.toml"
    prompts.write_text('prompts = [{ key = "lia", kind = "place", text = "A page for a bakery" }]')
    page = "```html\n<!DOCTYPE html><html><body><h1>Own words of a model</h1></body></html>\n```"
    with serving() as server:
        server.models = {"data": [{"id": WRITER_NAME}]}
        server.says(stream(delta(content=page), delta(finish="stop")))
        call_command(
            "bench_words",
            prompts=prompts,
            model_url=server.url,
            out=tmp_path / "pages",
            free=True,
            json=True,
            stdout=io.StringIO(),
        )
    assert "Own words of a model" in (tmp_path / "pages" / "lia" / "index.html").read_text()
