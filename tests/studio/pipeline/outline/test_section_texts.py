"""A writer's texts are taken one by one; a bad one costs itself only."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inference.types import Chunk, Finished, ModelRequest, Usage
from studio.pipeline.outline.answers import clean_text, read_answer, read_name
from studio.pipeline.outline.plan import plan_outline
from studio.pipeline.outline.schema import Outline
from studio.pipeline.outline.section_asks import build_ask
from studio.pipeline.outline.vocabulary import load_vocabulary
from studio.pipeline.outline.writer import write_texts
from studio.pipeline.outline.writer_model import WRITER_BYTES, WRITER_FILE, WRITER_NAME
from studio.pipeline.sections.page import build_page

PROMPT = "A bakery page called Lia with three products, a story and testimonials"
WEIGHTS = Path(__file__).resolve().parents[4] / "data" / "models" / WRITER_FILE


class ScriptedWriter:
    """Answers each request from its schema with what `say` returns for a field."""

    name, task = WRITER_NAME, "page"

    def __init__(self, say: Callable[[str, int], str]) -> None:
        self.requests: list[ModelRequest] = []
        self._say = say

    def stream(
        self, request: ModelRequest, *, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Chunk | Finished]:
        self.requests.append(request)
        assert request.schema is not None
        answer: dict[str, object] = {}
        for name, part in request.schema["properties"].items():
            count = part.get("minItems", 0) if part["type"] == "array" else 0
            texts = [self._say(name, n) for n in range(count)]
            answer[name] = texts if count else self._say(name, 0)
        text = json.dumps(answer)
        yield Chunk("answer", text[: len(text) // 2])
        yield Chunk("answer", text[len(text) // 2 :])
        yield Finished("stop", Usage(50, 20))

    def close(self) -> None: ...


def test_each_section_is_asked_once_from_the_top_of_the_page() -> None:
    writer = ScriptedWriter(lambda name, n: f"Some {name} {n}")
    outline = plan_outline(PROMPT)
    written = list(write_texts(outline, PROMPT, writer, has_own_name=True))
    kinds = [one.outline.sections[one.place].kind for one in written]
    assert kinds == ["hero", "products", "story", "testimonials"]
    assert len(writer.requests) == 4
    final = written[-1].outline
    assert [item.title for item in final.sections[2].items] == [
        "Some titles 0",
        "Some titles 1",
        "Some titles 2",
    ]
    assert final.name == "Lia"


def test_a_name_is_asked_for_only_where_there_is_none() -> None:
    writer = ScriptedWriter(lambda name, n: f"Good {name}")
    prompt = "A bakery page with products, a story and testimonials"
    last = list(write_texts(plan_outline(prompt), prompt, writer, has_own_name=False))[-1]
    assert last.outline.name == "Good name"


def test_requests_share_their_beginning() -> None:
    writer = ScriptedWriter(lambda name, n: "Some text")
    list(write_texts(plan_outline(PROMPT), PROMPT, writer, has_own_name=True))
    first_lines = {request.messages[1].parts[0].text.split("\n")[0] for request in writer.requests}  # type: ignore[union-attr]
    assert len(first_lines) == 1


def test_repeated_texts_keep_ours() -> None:
    writer = ScriptedWriter(lambda name, n: "The same again")
    last = list(write_texts(plan_outline(PROMPT), PROMPT, writer, has_own_name=True))[-1]
    titles = [item.title for item in last.outline.sections[2].items]
    assert titles == ["The same again", "Product 2", "Product 3"]


def test_writing_stops_when_told() -> None:
    writer = ScriptedWriter(lambda name, n: "Text")
    assert not list(
        write_texts(plan_outline(PROMPT), PROMPT, writer, has_own_name=True, stop=lambda: True)
    )


@pytest.mark.parametrize(
    ("text", "language", "kept"),
    [
        ("Fresh bread every morning.", "en", "Fresh bread every morning."),
        ("“Quoted” ", "en", "Quoted"),
        ("I'm sorry, I cannot help", "en", ""),
        ("Entschuldigung, aber wir können nicht", "de", ""),
        ("<b>bold</b>", "en", ""),
        ("我们的面包", "en", ""),
        ("Our bread is fresh", "ru", ""),
        ("Свежий хлеб", "ru", "Свежий хлеб"),
        (7, "en", ""),
        ("x", "en", ""),
    ],
)
def test_only_usable_texts_are_kept(text: object, language: str, kept: str) -> None:
    assert clean_text(text, language, 0) == kept


def test_a_text_cut_off_at_its_limit_ends_at_a_sentence_or_a_clause() -> None:
    assert clean_text("Bread is good. And butter is al", "en", 31) == "Bread is good."
    assert clean_text("We bake with old grain, stone and ti", "en", 36) == "We bake with old grain."
    assert clean_text("Nothing to cut here at all befor", "en", 32) == "Nothing to cut here at all…"


def test_an_answer_whose_end_is_missing_gives_what_is_whole() -> None:
    assert read_answer('{"titles": ["One", "Two", "Thr') == {"titles": ["One", "Two"]}
    assert (
        read_answer('{"title": "One", "text": "Half a sen') == {"title": "One"}
        or read_answer('{"title": "One", "text": "Half a sen').get("title") == "One"
    )
    assert read_answer("no object") == {}


def test_a_long_name_is_none() -> None:
    assert read_name({"name": "A" * 31}, "en") == ""


def test_the_schema_pins_the_number_of_items() -> None:
    outline = plan_outline(PROMPT)
    ask = build_ask(outline.sections[2], load_vocabulary("en"), wants_name=False)
    titles = ask.schema["properties"]["titles"]
    assert (titles["minItems"], titles["maxItems"]) == (3, 3)


@pytest.mark.skipif(
    not WEIGHTS.is_file() or WEIGHTS.stat().st_size != WRITER_BYTES,
    reason="the writer's weights are not there: make writer",
)
def test_the_real_writer_answers_under_the_schema() -> None:
    xllamacpp = pytest.importorskip("xllamacpp", reason="xllamacpp is not installed")
    from inference.client import connect

    params = xllamacpp.CommonParams()
    params.model.path = str(WEIGHTS)
    params.n_ctx, params.n_parallel, params.port = 1024, 1, 0
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(params)
    client = connect(f"{server.listening_address}/v1")
    outline = plan_outline("A page for a bakery called Lia")
    first = next(write_texts(outline, "A page for a bakery called Lia", client, has_own_name=True))
    hero = first.outline.sections[first.place]
    assert hero.title
    assert hero.text != outline.sections[first.place].text
    client.close()


def write_last(prompt: str, say: Callable[[str, int], str]) -> tuple[Outline, ScriptedWriter]:
    writer = ScriptedWriter(say)
    last = list(write_texts(plan_outline(prompt), prompt, writer, has_own_name=True))[-1]
    return last.outline, writer


def test_an_item_that_got_no_title_of_its_own_is_asked_for_again() -> None:
    titles = iter(["Rye loaf", "rye loaf", "Wheat loaf", "Spelt loaf"])
    outline, writer = write_last(
        "A shop called Lia with three products, a newsletter and a FAQ",
        lambda name, n: next(titles, f"Question {n}") if name == "titles" else f"Some {name} {n}",
    )
    products = next(one for one in outline.sections if one.kind == "products")
    assert [item.title for item in products.items] == ["Rye loaf", "Spelt loaf", "Wheat loaf"]
    asked = [request.messages[1].parts[0].text for request in writer.requests]  # type: ignore[union-attr]
    again = [text for text in asked if "Others than these" in text]
    assert len(again) == 1
    assert again[0].endswith("Others than these: Rye loaf; Wheat loaf.")


def test_what_comes_again_when_asked_again_keeps_ours() -> None:
    outline, writer = write_last(
        "A shop called Lia with three products, a newsletter and a FAQ",
        lambda name, n: "Rye loaf" if n < 2 else "Wheat loaf",
    )
    products = next(one for one in outline.sections if one.kind == "products")
    assert [item.title for item in products.items] == ["Rye loaf", "Product 2", "Wheat loaf"]
    asked = [str(request.messages) for request in writer.requests]
    assert sum("“Products”" in text for text in asked) == 2  # and no third time


def test_features_are_the_points_of_the_plans_and_the_last_plan_has_all() -> None:
    prompt = "Landing page for an app called Lia with four features, two plans and a FAQ"
    outline, _ = write_last(prompt, lambda name, n: f"{name} {n}")
    pricing = next(one for one in outline.sections if one.kind == "pricing")
    assert [item.points for item in pricing.items] == [
        ("titles 0", "titles 1"),
        ("titles 0", "titles 1", "titles 2", "titles 3"),
    ]


def test_plans_without_features_have_points_of_ours() -> None:
    outline, _ = write_last(
        "A page for a gym called Lia with three plans, a FAQ and a newsletter",
        lambda name, n: f"{name} {n}",
    )
    pricing = next(one for one in outline.sections if one.kind == "pricing")
    assert pricing.items[0].points[0] == "All you need to begin"
    assert [len(item.points) for item in pricing.items] == [3, 4, 5]


def test_a_dashboard_is_asked_for_its_numbers_and_for_the_rows_of_a_named_table() -> None:
    outline, writer = write_last(
        "A dashboard for a warehouse with four stat cards, a chart and a table of open orders",
        lambda name, n: f"Name {n}",
    )
    assert len(writer.requests) == 2
    stats, table = (outline.find(kind) for kind in ("stats", "table"))
    assert stats is not None
    assert table is not None
    assert [item.title for item in stats.items] == ["Name 0", "Name 1", "Name 2", "Name 3"]
    page = build_page(outline).files["index.html"]
    assert "<td>Name 4</td>" in page
    assert "Customer" not in page.partition("<thead>")[2].partition("</thead>")[0]


def test_a_dashboard_that_says_nothing_of_itself_keeps_sample_data() -> None:
    writer = ScriptedWriter(lambda name, n: "Text")
    prompt = "A dashboard with stats and a table"
    assert not list(write_texts(plan_outline(prompt), prompt, writer, has_own_name=True))


def test_whoever_praises_a_page_has_a_place_and_no_role() -> None:
    outline = plan_outline("A shop called Lia with three products, testimonials and a FAQ")
    voices = outline.find("testimonials")
    assert voices is not None
    assert [item.detail for item in voices.items] == ["Leeds", "Dublin", "Boston"][
        : len(voices.items)
    ]


def test_a_hero_without_a_text_is_asked_for_once_more_at_the_end() -> None:
    texts = iter(["<b>no</b>", "A story.", "Rye from our own oven, every day."])
    outline, writer = write_last(
        "A bakery page called Lia with a story, a newsletter and a FAQ",
        lambda name, n: next(texts, "Some") if name == "text" else f"Some {name} {n}",
    )
    hero = outline.find("hero")
    assert hero is not None
    assert hero.text == "Rye from our own oven, every day."
    seeds = [request.seed for request in writer.requests]
    assert seeds[-1] != seeds[0] == seeds[-2]
