"""Runs from words alone, and wishes on what they made: rules and library, with a writer or without."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inference.types import ModelClient
from studio.pipeline.bundle import ENTRY, Bundle, BundleParser
from studio.pipeline.editing.restyling.requests import NOT_READ
from studio.pipeline.loop.attempts import LoopEvent, LoopOptions, Result
from studio.pipeline.loop.generate import generate
from studio.pipeline.outline.outline_edits import add_section, find_unwritten
from studio.pipeline.outline.stored import OUTLINE_FILE, load_outline, store_outline
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.sections.page import build_page
from tests.studio.pipeline.outline.test_section_texts import ScriptedWriter
from tests.studio.pipeline.outline.test_wish_choice import ChoosingWriter
from tests.studio.runs.scripted import PAGE, ScriptedModel, answer

PROMPT = "A page for a bakery called Lia with three products, a story and contact"


def run(
    renderer: Renderer,
    client: ModelClient | None,
    prompt: str = PROMPT,
    start: Bundle | None = None,
    events: list[LoopEvent] | None = None,
) -> Result:
    heard = [] if events is None else events
    return generate(
        None,
        options=LoopOptions(prompt=prompt, rounds=2),
        renderer=renderer,
        client=client,
        start=start,
        emit=heard.append,
    )


def test_without_a_model_there_is_a_page_and_an_offer(renderer: Renderer) -> None:
    result = run(renderer, None)
    assert result.winner is not None
    assert result.winner.source == "draft"
    assert result.stop_reason == "no model"
    assert "make writer" in result.message
    assert "placeholders" in result.message
    assert "Our products" in result.winner.bundle.files[ENTRY]


def test_the_small_writer_fills_the_page_and_it_grows_on_screen(renderer: Renderer) -> None:
    events: list[LoopEvent] = []
    result = run(renderer, ScriptedWriter(lambda name, n: f"New {name} {n}"), events=events)
    assert result.winner is not None
    assert result.winner.source == "model"
    html = result.winner.bundle.files[ENTRY]
    assert "New titles 2" in html
    assert "Product 3" not in html
    written = [event.data["written"] for event in events if event.kind == "outline"]
    assert written == [0, 1, 2, 3]
    parser = BundleParser()
    parser.feed("".join(event.data["text"] for event in events if event.kind == "chunk"))
    shown = parser.finish()
    assert shown is not None
    assert shown.files[ENTRY].strip() == html.strip()


def test_a_hero_that_is_written_twice_counts_once(renderer: Renderer) -> None:
    texts = iter(["<b>no</b>", "A story.", "Rye from our own oven."])
    writer = ScriptedWriter(
        lambda name, n: next(texts, "Some") if name == "text" else f"New {name} {n}"
    )
    events: list[LoopEvent] = []
    result = run(renderer, writer, events=events)
    assert result.winner is not None
    assert "Rye from our own oven." in result.winner.bundle.files[ENTRY]
    written = [event.data["written"] for event in events if event.kind == "outline"]
    assert written == [0, 1, 2, 3, 3]


def test_a_model_that_writes_pages_gets_the_library_and_its_page_wins(renderer: Renderer) -> None:
    model = ScriptedModel(answer(PAGE))
    result = run(renderer, model)
    assert result.winner is not None
    assert result.winner.source == "model"
    said = model.requests[0].messages[-1].parts[-1]
    assert "library of sections" in said.text  # type: ignore[union-attr]
    assert OUTLINE_FILE not in said.text  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def version(renderer: Renderer) -> Bundle:
    result = run(renderer, None)
    assert result.winner is not None
    return result.winner.bundle


def test_a_wish_changes_the_outline_and_says_what_was_done(
    renderer: Renderer, version: Bundle
) -> None:
    result = run(renderer, None, "Add a FAQ above the contact", start=version)
    assert result.stop_reason == "wish carried out"
    assert result.message == "Added the section faq."
    assert result.winner is not None
    assert result.winner.source == "words"
    outline = load_outline(result.winner.bundle)
    assert outline is not None
    assert outline.find("faq") is not None


def test_a_page_edited_by_hand_is_not_made_anew(renderer: Renderer, version: Bundle) -> None:
    html = version.files[ENTRY].replace("Our products", "Our own bread")
    edited = replace(version, files={**version.files, ENTRY: html})
    result = run(renderer, None, "Make it dark", start=edited)
    assert result.winner is not None
    assert "Our own bread" in result.winner.bundle.files[ENTRY]


def test_an_answer_that_empties_the_page_is_refused_with_the_reason(
    renderer: Renderer, version: Bundle
) -> None:
    model = ScriptedModel(answer("<!doctype html><html><body><!-- the page --></body></html>"))
    result = run(renderer, model, "Make one line bold", start=version)
    assert result.best == 0
    errors = [attempt.error or "" for attempt in result.attempts if attempt.source == "model"]
    assert len(errors) == 2
    assert all("shrank to 0%" in error for error in errors)
    again = model.requests[-1].messages[-1].parts[-1]
    assert "was not used" in again.text  # type: ignore[union-attr]


def test_a_wish_that_no_rule_reads_is_chosen_by_the_small_writer(
    renderer: Renderer, version: Bundle
) -> None:
    wish = "people keep asking the same things"
    writer = ChoosingWriter({wish: ("add", {"section": "faq", "where": "", "other": ""})})
    result = run(renderer, writer, wish, start=version)
    assert result.stop_reason == "wish carried out"
    assert result.message == "Added the section faq."
    assert result.winner is not None
    assert result.winner.source == "words"
    assert result.usage.prompt_tokens == 80


def test_a_wish_that_fits_no_operation_is_refused_with_the_reason(
    renderer: Renderer, version: Bundle
) -> None:
    result = run(renderer, ChoosingWriter({}), "let the logo spin", start=version)
    assert [attempt.source for attempt in result.attempts] == ["start"]
    assert "No operation on the page fits “let the logo spin”" in result.message


def test_words_about_one_element_are_not_answered_with_operations_on_the_page(
    renderer: Renderer, version: Bundle
) -> None:
    options = LoopOptions(prompt="let it spin", about="<h1>Lia</h1>")
    result = generate(None, options=options, renderer=renderer, start=version)
    assert (result.stop_reason, result.message) == ("no model", NOT_READ)


def test_a_model_that_writes_pages_chooses_an_operation_before_it_writes_freely(
    renderer: Renderer, version: Bundle
) -> None:
    model = ScriptedModel('{"operation": "density"}', '{"density": "airy"}')
    result = run(renderer, model, "it feels cramped", start=version)
    assert result.message == "The spacing is airy."
    assert len(model.requests) == 2
    assert all(request.schema is not None for request in model.requests)


def test_what_fits_no_operation_is_written_freely_by_a_model_that_can(
    renderer: Renderer, version: Bundle
) -> None:
    block = (
        "index.html\n<<<<<<< SEARCH\nOur products</h2>\n=======\n"
        "Our <strong>products</strong></h2>\n>>>>>>> REPLACE\n"
    )
    model = ScriptedModel('{"operation": "none"}', block)
    result = run(renderer, model, "Make one word of the second heading bold", start=version)
    assert result.winner is not None
    assert result.winner.source == "model"
    assert "<strong>products</strong>" in result.winner.bundle.files[ENTRY]


def test_only_the_sections_that_a_person_added_are_written(
    renderer: Renderer, version: Bundle
) -> None:
    before = load_outline(version)
    assert before is not None
    outline = add_section(before, "faq")
    (place,) = find_unwritten(outline, before)
    writer = ScriptedWriter(lambda name, n: f"New {name} {n}")
    base = store_outline(build_page(outline), outline)
    options = LoopOptions(added=(place,), brief=PROMPT, rounds=1)
    result = generate(None, options=options, renderer=renderer, client=writer, start=base)
    assert len(writer.requests) == 1
    assert result.winner is not None
    assert result.winner.source == "model"
    html = result.winner.bundle.files[ENTRY]
    assert "New titles 2" in html
    assert "Our products" in html


def test_without_a_model_an_added_section_keeps_its_placeholders_and_that_is_said(
    renderer: Renderer, version: Bundle
) -> None:
    options = LoopOptions(added=(2,), brief=PROMPT, rounds=1)
    result = generate(None, options=options, renderer=renderer, start=version)
    assert result.stop_reason == "no model"
    assert "placeholders" in result.message
