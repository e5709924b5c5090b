"""`manage.py bench_wishes`: its wishes, by rules and with a scripted writer."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from studio.load.prompt_files import read_entries
from studio.management.commands.bench_wishes import WISHES, list_lost_texts, try_wish
from studio.pipeline.outline.schema import Item, Outline, Section
from studio.pipeline.outline.writer_model import WRITER_NAME
from tests.inference.client.scripted import delta, serving, stream

PAGE = Outline(
    name="Lia",
    sections=(
        Section("hero", title="Bread at six", actions=("Order",)),
        Section("features", title="Why us", items=(Item("Rye", "dark"), Item("Wheat", "white"))),
        Section("faq", title="Questions", items=(Item("Is it fresh?", "Yes."),)),
    ),
)


def test_there_are_thirty_wishes_on_five_pages() -> None:
    pages = read_entries(WISHES, "pages", [])
    assert (len(pages), sum(len(page["wishes"]) for page in pages)) == (5, 30)


def test_a_page_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match="no 'tea'; use vet"):
        read_entries(WISHES, "pages", ["tea"])


def test_a_file_without_pages_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("x = 1")
    with pytest.raises(CommandError, match="has no pages"):
        read_entries(tmp_path / "a.toml", "pages", [])


def test_a_wish_that_a_rule_reads_says_what_it_took_off_the_page() -> None:
    row = try_wish("Remove the FAQ", PAGE, None)
    assert row["reader"] == "rules"
    assert len(row["done"]) == 1
    assert row["lost"] == ["Is it fresh?", "Questions", "Yes."]


def test_without_a_writer_a_wish_that_no_rule_reads_changes_nothing() -> None:
    row = try_wish("Let the logo spin when I scroll", PAGE, None)
    assert (row["done"], row["unfit"], row["lost"]) == (
        (),
        ("Let the logo spin when I scroll",),
        [],
    )


def test_a_text_that_stands_twice_is_lost_when_one_of_them_goes() -> None:
    twice = Outline(sections=(Section("features", title="A"), Section("faq", title="A")))
    once = Outline(sections=(Section("features", title="A"),))
    assert list_lost_texts(twice, once) == ["A"]


def test_the_writer_is_asked_where_no_rule_reads(tmp_path: Path) -> None:
    wishes = tmp_path / "wishes.toml"
    wishes.write_text(
        '[[pages]]\nkey = "lia"\nprompt = "A page for a bakery"\n'
        'wishes = ["Let the logo spin when I scroll"]\n'
    )
    out = io.StringIO()
    with serving() as server:
        server.models = {"data": [{"id": WRITER_NAME}]}
        server.says(stream(delta(content='{"operation": "none"}'), delta(finish="stop")))
        call_command("bench_wishes", wishes=wishes, model_url=server.url, json=True, stdout=out)
        assert len(server.bodies) == 1
    row = json.loads(out.getvalue())
    assert (row["reader"], row["done"]) == ("writer", [])
    assert row["unfit"] == ["Let the logo spin when I scroll"]
