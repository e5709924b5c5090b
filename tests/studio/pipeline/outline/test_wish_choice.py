"""Wishes that no rule reads become operations that a writer chooses under a schema, or are left alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from inference.types import Chunk, Finished, ModelRequest, TextPart, Usage
from studio.pipeline.outline.plan import plan_outline
from studio.pipeline.outline.schema import Outline
from studio.pipeline.outline.vocabulary import load_vocabulary
from studio.pipeline.outline.wish_changes import carry_out
from studio.pipeline.outline.wish_choice import (
    WishReading,
    choose_wishes,
    list_offered_schemas,
)
from studio.pipeline.outline.wish_schemas import OPERATIONS, list_detail_schemas
from studio.pipeline.outline.writer_model import WRITER_NAME

PAGE = plan_outline(
    "A page for a bakery called Lia with three products, a story, opening hours and a newsletter"
)


class ChoosingWriter:
    """Chooses an operation by the wish, then gives its details."""

    name, task = WRITER_NAME, "page"

    def __init__(self, choices: Mapping[str, tuple[str, object]]) -> None:
        self.requests: list[ModelRequest] = []
        self._choices = choices

    def stream(
        self, request: ModelRequest, *, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Chunk | Finished]:
        self.requests.append(request)
        part = request.messages[-1].parts[0]
        assert isinstance(part, TextPart)
        wish = next(line for line in part.text.split("\n") if line.startswith("Wish: "))[6:]
        operation, details = self._choices.get(wish, ("none", {}))
        assert request.schema is not None
        is_first = "operation" in request.schema["properties"]
        answer = {"operation": operation} if is_first else details
        yield Chunk("answer", answer if isinstance(answer, str) else json.dumps(answer))
        yield Finished("stop", Usage(40, 10))

    def close(self) -> None: ...


def choose(wish: str, operation: str, details: object) -> WishReading:
    return choose_wishes(wish, PAGE, ChoosingWriter({wish: (operation, details)}))


def change(wish: str, operation: str, details: object) -> Outline:
    reading = choose(wish, operation, details)
    assert not reading.unfit
    return carry_out(PAGE, reading.wishes).outline


def list_kinds(outline: Outline) -> list[str]:
    return [section.kind for section in outline.sections]


def test_every_operation_has_a_schema_that_offers_only_what_the_page_has() -> None:
    schemas = list_detail_schemas(PAGE)
    assert set(schemas) == set(OPERATIONS)
    assert "newsletter" not in schemas["add"]["properties"]["section"]["enum"]
    assert "faq" in schemas["add"]["properties"]["section"]["enum"]
    assert schemas["remove"]["properties"]["section"]["enum"] == list_kinds(PAGE)
    assert "clear" in schemas["theme"]["properties"]["theme"]["enum"]
    assert PAGE.look.theme not in schemas["theme"]["properties"]["theme"]["enum"]
    assert "Our products" in schemas["text"]["properties"]["old"]["enum"]


def test_sections_are_added_removed_and_moved() -> None:
    added = change(
        "Visitors keep asking the same things",
        "add",
        {"section": "faq", "where": "before", "other": "newsletter"},
    )
    kinds = list_kinds(added)
    assert kinds.index("faq") == kinds.index("newsletter") - 1
    removed = change("nobody signs up for mails", "remove", {"section": "newsletter"})
    assert "newsletter" not in list_kinds(removed)
    moved = change(
        "people should read who we are early",
        "move",
        {"section": "story", "where": "before", "other": "products"},
    )
    kinds = list_kinds(moved)
    assert kinds.index("story") == kinds.index("products") - 1


def test_the_look_the_name_and_the_language_change() -> None:
    assert change("it is too playful", "theme", {"theme": "editorial"}).look.theme == "editorial"
    assert change("my eyes hurt at night", "dark", {"ground": "dark"}).look.is_dark
    assert change("paint it like grass", "accent", {"color": "green"}).look.accent == "#16a34a"
    assert change("it feels cramped", "density", {"density": "airy"}).look.density == "airy"
    assert change("we are now Casa", "rename", {"name": "Casa"}).name == "Casa"
    assert change("our guests speak Italian", "translate", {"language": "it"}).language == "it"


def test_layout_columns_count_and_one_text_change() -> None:
    layout = change(
        "put the words of the hero in the middle", "layout", {"layout": "hero centered"}
    )
    hero = layout.find("hero")
    assert hero is not None
    assert hero.layout == "centered"
    narrow = change("2 goods side by side", "columns", {"section": "products", "number": 2})
    products = narrow.find("products")
    assert products is not None
    assert products.columns == 2
    more = change("we now sell 5", "count", {"section": "products", "number": 5})
    products = more.find("products")
    assert products is not None
    assert len(products.items) == 5
    text = change(
        "the heading over our products is dull",
        "text",
        {"old": "Our products", "new": "Baked today"},
    )
    products = text.find("products")
    assert products is not None
    assert products.title == "Baked today"


@pytest.mark.parametrize(
    ("wish", "operation", "details"),
    [
        ("let the logo spin when I scroll", "none", {}),
        ("the newsletter is lovely", "remove", {"section": "newsletter"}),  # it asks for nothing
        ("we sell more now", "count", {"section": "products", "number": 9}),  # names no number
        ("we sell more artwork", "count", {"section": "products", "number": 2}),  # no "two" in it
        ("put it elsewhere", "move", {"section": "story", "where": "before", "other": ""}),
        ("we are called differently", "rename", {"name": "<b>Casa</b>"}),
        ("the look", "theme", {"theme": "gothic"}),  # from a server that knows no schemas
        ("more", "columns", {"section": "products", "number": True}),
        ("nobody signs up", "remove", "I would rather not say."),
    ],
)
def test_what_fits_no_operation_is_named_and_nothing_is_changed(
    wish: str, operation: str, details: object
) -> None:
    reading = choose(wish, operation, details)
    assert reading.wishes == ()
    assert reading.unfit == (wish,)


def test_clauses_that_a_rule_reads_are_not_asked_for() -> None:
    writer = ChoosingWriter({"it feels cramped": ("density", {"density": "airy"})})
    reading = choose_wishes("Make it dark. it feels cramped. Let it snow", PAGE, writer)
    assert [wish.action for wish in reading.wishes] == ["dark", "density"]
    assert reading.unfit == ("Let it snow",)
    assert len(writer.requests) == 3
    assert reading.usage == Usage(120, 30)


def test_the_writer_is_told_the_page_the_wish_and_the_operations() -> None:
    writer = ChoosingWriter({})
    choose_wishes("it feels cramped", PAGE, writer)
    part = writer.requests[0].messages[-1].parts[0]
    assert isinstance(part, TextPart)
    for word in ("Lia", "- products: Our products", "Wish: it feels cramped", "- density: "):
        assert word in part.text


def test_an_answer_without_json_fits_nothing() -> None:
    class Chatty(ChoosingWriter):
        def stream(self, request: ModelRequest, **named: Any) -> Iterator[Chunk | Finished]:
            yield Chunk("answer", "Sure! I'd make it pop.")
            yield Finished("stop", Usage(1, 1))

    assert choose_wishes("make it pop", PAGE, Chatty({})).unfit == ("make it pop",)


@pytest.mark.parametrize(
    ("wish", "offered", "refused"),
    [
        (
            "People should see the story before anything else",
            ["move"],
            ["translate", "remove", "dark", "count"],
        ),
        ("Show the page to the French in their language", ["translate"], ["remove", "columns"]),
        ("Nobody needs the story", ["remove", "layout"], ["translate", "columns"]),
        ("Call us Elm Street", ["rename"], ["translate", "layout"]),
        ("More light for the page", ["dark", "density"], ["columns", "remove"]),
        ("Four products would be enough", ["count", "columns"], ["dark", "rename"]),
        ("we now sell 5", ["count"], ["columns"]),
    ],
)
def test_only_what_a_clause_can_mean_is_offered(
    wish: str, offered: list[str], refused: list[str]
) -> None:
    schemas = list_offered_schemas(wish, load_vocabulary("en"), PAGE)
    assert set(offered) <= set(schemas)
    assert not set(refused) & set(schemas)


def test_a_section_that_the_clause_names_is_the_only_one_offered() -> None:
    schemas = list_offered_schemas(
        "People should see the story sooner", load_vocabulary("en"), PAGE
    )
    assert schemas["move"]["properties"]["section"]["enum"] == ["story"]


@pytest.mark.parametrize(
    ("wish", "operation", "details"),
    [
        ("Call us Elm Street", "rename", {"name": "Elm Street Bakery and More"}),
        ("The opening line is dull", "text", {"old": "Our products", "new": "Bread"}),
        ("Put our workshop on the page", "text", {"old": "A bakery", "new": "our workshop"}),
    ],
)
def test_a_name_or_a_text_that_the_wish_does_not_say_is_not_set(
    wish: str, operation: str, details: object
) -> None:
    reading = choose(wish, operation, details)
    assert (reading.wishes, reading.unfit) == ((), (wish,))


def test_a_section_that_is_put_somewhere_and_is_not_there_is_added_there() -> None:
    wishes = choose_wishes("put a FAQ at the end", PAGE, ChoosingWriter({})).wishes
    changed = carry_out(PAGE, wishes)
    assert changed.done == ("Added the section faq.",)
    assert list_kinds(changed.outline)[-2:] == ["faq", "footer"]


def test_a_new_name_needs_no_quotation_marks() -> None:
    wishes = choose_wishes("Rename the bakery to Elm Street Bread", PAGE, ChoosingWriter({})).wishes
    assert carry_out(PAGE, wishes).outline.name == "Elm Street Bread"
