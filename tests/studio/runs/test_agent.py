"""A model that calls tools works on the page: it writes, compares, edits, and stops."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PIL import Image

from inference.types import ModelError, Usage
from studio.pipeline.bundle import Bundle
from studio.pipeline.loop.attempts import LoopEvent, LoopOptions, Result
from studio.pipeline.loop.generate import generate
from studio.pipeline.perception.frame import find_page_hints
from studio.pipeline.perception.hints import Hints
from studio.pipeline.rendering.render import Renderer
from tests.studio.runs.scripted import PAGE, ScriptedModel, answer
from tests.studio.runs.tool_caller import ToolCaller, count_pictures, text_of

FAR = Bundle({"index.html": "<!doctype html><html lang='en'><body><p>Other</p></body></html>"})
WRONG = PAGE.replace("#16a34a", "#dc2626").replace("font-size:32px", "font-size:30px")
WRITE = ("write_file", {"path": "index.html", "text": WRONG})
COMPARE = ("compare", {})


def edit(search: str, replace: str) -> tuple[str, dict[str, str]]:
    return ("edit_file", {"path": "index.html", "search": search, "replace": replace})


# Whole lines are replaced, as search/replace blocks do.
STYLE = next(line for line in WRONG.splitlines() if "font-size:30px" in line)
RIGHT = STYLE.replace("30px", "32px")

Work = Callable[..., Result]


@pytest.fixture(scope="module")
def hints(mockup: Image.Image) -> Hints:
    return find_page_hints(mockup)


@pytest.fixture
def work(renderer: Renderer, mockup: Image.Image, hints: Hints) -> Work:
    def work(model: ToolCaller | ScriptedModel, **wishes: object) -> Result:
        watch = {key: wishes.pop(key) for key in ("emit", "spent", "start") if key in wishes}
        options = LoopOptions(**{"target": 1.0, "fit": False, "agent": True, **wishes})
        return generate(
            mockup,
            options=options,
            renderer=renderer,
            client=model,
            perceive=lambda picture, scale: hints,
            **{"start": FAR, **watch},
        )

    return work


def test_it_writes_compares_edits_and_stops_by_itself(work: Work) -> None:
    events: list[LoopEvent] = []
    model = ToolCaller([WRITE, COMPARE], [edit(STYLE, RIGHT), COMPARE], "Done.")
    result = work(model, emit=events.append)
    assert result.stop_reason == "model finished"
    sources = [(one.source, one.accepted) for one in result.attempts]
    assert sources == [("start", True), ("model", True), ("model", True)]
    assert result.attempts[2].likeness > result.attempts[1].likeness
    assert result.best == 2
    uses = [event.data for event in events if event.kind == "tool"]
    assert [use["name"] for use in uses if use["state"] == "finished"] == [
        "write_file",
        "compare",
        "edit_file",
        "compare",
    ]
    assert result.usage == Usage(300, 60)


def test_compare_tells_scores_and_the_worst_differences(work: Work) -> None:
    model = ToolCaller([WRITE, COMPARE], "Done.")
    work(model)
    wrote, compared = model.results(1)
    assert wrote.startswith("Wrote index.html")
    assert "likeness 0." in compared
    assert "code quality 0." in compared
    assert "kept as the best so far" in compared
    assert "Order a loaf" in compared


def test_a_file_that_is_written_is_shown_while_it_happens(work: Work) -> None:
    events: list[LoopEvent] = []
    work(ToolCaller([WRITE], "Done."), emit=events.append)
    shown = "".join(event.data["text"] for event in events if event.kind == "chunk")
    assert "```html index.html" in shown
    assert "North Street Bakery" in shown


def test_what_it_did_not_compare_is_judged_at_the_end(work: Work) -> None:
    result = work(ToolCaller([WRITE], "Done."))
    assert [one.source for one in result.attempts] == ["start", "model"]


def test_it_looks_closer_and_gets_a_picture_of_both(work: Work) -> None:
    area = {"x": 0, "y": 0, "width": 400, "height": 100}
    model = ToolCaller([WRITE, ("compare", {"area": area}), ("render", {"width": 390})], "Done.")
    work(model)
    pictures = model.requests[1].messages[-1]
    assert pictures.role == "user"
    assert count_pictures(pictures) == 2
    assert "mockup left, page right" in text_of(pictures)


def test_it_reads_exact_numbers_of_an_area(work: Work) -> None:
    area = {"x": 0, "y": 0, "width": 800, "height": 90}
    model = ToolCaller([("read_mockup", {"area": area})], "Done.")
    work(model)
    (read,) = model.results(1)
    assert "North Street Bakery" in read
    assert "Order a loaf" not in read


def test_fit_corrects_its_numbers(work: Work) -> None:
    model = ToolCaller([WRITE, ("fit", {}), COMPARE], "Done.")
    result = work(model, fit=True)
    assert "Corrected numbers in index.html" in model.results(1)[1]
    assert "#16a34a" in result.attempts[-1].bundle.files["index.html"].lower()


def test_a_call_that_cannot_be_carried_out_is_answered_with_its_reason(work: Work) -> None:
    model = ToolCaller(
        [
            ("delete_everything", {}),
            ("write_file", {"path": "../evil.html", "text": "x"}),
            ("edit_file", {"path": "index.html", "search": "not there", "replace": "x"}),
            ("compare", {"width": 5000}),
        ],
        "Done.",
    )
    result = work(model)
    unknown, outside, missing, width = model.results(1)
    assert unknown.startswith("Error: There is no tool 'delete_everything'")
    assert outside.startswith("Error: The answer names the file")
    assert "is not in the file" in missing
    assert "There is no mockup 5000 px wide" in width
    assert result.best == 0


def test_it_is_told_when_the_page_is_good_enough_and_then_stopped(work: Work) -> None:
    model = ToolCaller([("write_file", {"path": "index.html", "text": PAGE}), COMPARE])
    result = work(model, target=0.9, quality_target=0.5)
    assert result.stop_reason == "good enough"
    assert len(model.requests) == 2
    assert "good enough" in text_of(model.requests[1].messages[-1])


def test_tokens_end_its_work(work: Work) -> None:
    model = ToolCaller([COMPARE], usage=Usage(1000, 100))
    result = work(model, tokens=3000)
    assert result.stop_reason == "tokens spent"
    assert len(model.requests) == 3


def test_tokens_from_the_servers_cache_do_not_count(work: Work) -> None:
    model = ToolCaller([COMPARE], usage=Usage(1000, 100, 900))
    result = work(model, tokens=1000)
    assert result.stop_reason == "tokens spent"
    assert len(model.requests) == 5


def test_the_teams_budget_ends_its_work(work: Work) -> None:
    model = ToolCaller([COMPARE])
    result = work(model, spent=lambda usage: usage.prompt_tokens >= 400)
    assert result.stop_reason == "budget spent"
    assert len(model.requests) == 4


def test_turns_are_limited_by_the_runs_rounds(work: Work) -> None:
    model = ToolCaller([("read_file", {"path": "index.html"})])
    result = work(model, rounds=1)
    assert result.stop_reason == "rounds spent"
    assert len(model.requests) == 12


def test_attempts_that_gain_nothing_end_its_work(work: Work) -> None:
    worse = ("write_file", {"path": "index.html", "text": "<p>Nothing like it</p>"})
    model = ToolCaller([worse, COMPARE])
    result = work(model, start=Bundle({"index.html": PAGE}), quality_target=1.0)
    assert result.stop_reason == "no longer improving"
    assert [one.accepted for one in result.attempts] == [True, False, False, False, False]


def test_old_pictures_leave_the_conversation(work: Work) -> None:
    model = ToolCaller(*[[("render", {"width": 390})]] * 5, "Done.")
    work(model)
    shown = [count_pictures(message) for message in model.requests[-1].messages]
    assert shown[1] == 1  # the mockup stays
    assert sum(shown[2:]) == 2


def test_a_long_conversation_begins_anew_with_the_best_page(work: Work) -> None:
    model = ToolCaller([WRITE, COMPARE], [COMPARE], "Done.", usage=Usage(70_000, 10))
    work(model, tokens=1_000_000)
    assert [len(request.messages) for request in model.requests] == [2, 2, 2]
    assert "30px" in text_of(model.requests[1].messages[1])


def test_a_server_without_tools_gets_rounds(work: Work) -> None:
    class Refusing(ScriptedModel):
        def stream(self, request, **options):  # type: ignore[no-untyped-def]
            if request.tools:
                self.requests.append(request)
                raise ModelError("The model server answered 400.", kind="refused", status=400)
            return super().stream(request, **options)

    model = Refusing(answer(PAGE))
    result = work(model, rounds=1)
    assert result.attempts[-1].likeness > 0.99
    assert [bool(request.tools) for request in model.requests] == [True, False]


def test_a_model_that_writes_a_page_instead_of_calling_gets_rounds(work: Work) -> None:
    model = ScriptedModel(answer(WRONG), answer(PAGE))
    result = work(model, rounds=2)
    assert [bool(request.tools) for request in model.requests] == [True, False]
    assert [one.round for one in result.attempts] == [0, 1, 2]
    assert result.best == 2


def test_a_model_that_neither_calls_nor_writes_is_asked_without_tools(work: Work) -> None:
    model = ScriptedModel("Let me look.", answer(PAGE))
    result = work(model, rounds=1)
    assert [bool(request.tools) for request in model.requests] == [True, False]
    assert result.best == 1


def test_a_wish_is_carried_out_with_tools(work: Work) -> None:
    base = Bundle({"index.html": PAGE})
    model = ToolCaller(
        [("write_file", {"path": "index.html", "text": PAGE.replace("a loaf", "bread")})], "Done."
    )
    result = work(model, start=base, prompt="Say bread instead of a loaf")
    assert result.stop_reason == "wish carried out"
    assert result.winner is not None
    assert "Order bread" in result.winner.bundle.files["index.html"]
    assert "Say bread" in text_of(model.requests[0].messages[1])


def test_competing_candidates_do_not_use_tools(work: Work) -> None:
    model = ScriptedModel(answer(PAGE))
    work(model, rounds=1, candidates=2)
    assert not any(request.tools for request in model.requests)
