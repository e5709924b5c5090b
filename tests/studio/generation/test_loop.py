"""The spine, with a real browser and real measures; only the model's words are scripted."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from PIL import Image

from inference.task.bundle import Bundle
from inference.task.walk import alphabet
from inference.types import Chunk, Finished, ModelError, ModelRequest, TextPart, Usage
from studio.generation.attempts import LoopEvent, LoopOptions, Result
from studio.generation.loop import generate
from studio.pipeline.render import Renderer

PAGE = """<!doctype html><html lang="en"><head><title>Bakery</title><style>
body{margin:0;font:16px/24px "Liberation Sans",sans-serif;color:#222;background:#fff}
header{background:#1d4ed8;color:#fff;padding:24px 40px}h1{margin:0;font-size:32px;line-height:40px}
main{padding:32px 40px}.buy{display:inline-block;background:#16a34a;color:#fff;padding:10px 20px;border-radius:6px}
</style></head><body><header><h1>North Street Bakery</h1></header><main>
<p>Bread from our own oven, every morning.</p><p><a class="buy">Order a loaf</a></p></main></body></html>"""
WORSE = "<!doctype html><html><body><p>Something else entirely</p></body></html>"


class ScriptedModel:
    """Says what it was told to, one answer a round; an exception in the script is raised."""

    name = "scripted"
    task = "page"

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[ModelRequest] = []

    def stream(
        self, request: ModelRequest, *, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Chunk | Finished]:
        self.requests.append(request)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        for start in range(0, len(answer), 50):
            if cancelled():
                yield Finished("cancelled", Usage(10, start))
                return
            yield Chunk("answer", answer[start : start + 50])
        yield Finished("stop", Usage(1000, len(answer) // 4))

    def close(self) -> None: ...


def answer(html: str) -> str:
    return f"```html index.html\n{html}\n```\n"


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


@pytest.fixture(scope="module")
def mockup(renderer: Renderer) -> Image.Image:
    png = renderer.render(Bundle({"index.html": PAGE}), width=800, height=400).png
    return Image.open(io.BytesIO(png)).convert("RGB")


@pytest.fixture
def run(renderer: Renderer, mockup: Image.Image) -> Callable[..., Result]:
    def run(model: ScriptedModel | None = None, **wishes: object) -> Result:
        watch = {key: wishes.pop(key) for key in ("emit", "cancelled") if key in wishes}
        options = LoopOptions(**{"target": 1.0, **wishes})
        return generate(mockup, options=options, renderer=renderer, client=model, **watch)

    return run


def test_without_a_model_the_layout_draft_stands_alone(run: Callable[..., Result]) -> None:
    result = run()
    assert result.stop_reason == "no model"
    assert [(a.source, a.accepted) for a in result.attempts] == [("draft", True)]
    assert result.winner is not None
    assert "North Street Bakery" in result.winner.bundle.files["index.html"]
    assert result.winner.likeness > 0.8
    assert set(result.seconds) == {"looking", "drafting", "fitting", "rendering", "comparing", "reading"}


def test_a_better_answer_is_accepted_and_wins(run: Callable[..., Result]) -> None:
    result = run(ScriptedModel(answer(PAGE)), rounds=1)
    assert result.stop_reason == "rounds spent"
    assert result.attempts[1].likeness > 0.99
    assert result.attempts[1].accepted == (result.attempts[1].likeness > result.attempts[0].likeness)
    assert result.best == max(result.attempts, key=lambda a: a.likeness).number


def test_a_worse_answer_is_dropped_and_two_in_a_row_end_the_run(run: Callable[..., Result]) -> None:
    result = run(ScriptedModel(answer(WORSE)), rounds=9)
    assert result.stop_reason == "no longer improving"
    assert [a.accepted for a in result.attempts] == [True, False, False]
    assert result.best == 0


def test_good_enough_asks_no_model(run: Callable[..., Result]) -> None:
    model = ScriptedModel(answer(PAGE))
    assert run(model, target=0.5, keep_target=0.5).stop_reason == "good enough"
    assert model.requests == []


def test_an_answer_without_a_page_costs_that_attempt_only(run: Callable[..., Result]) -> None:
    result = run(ScriptedModel("I cannot do that.", answer(PAGE)), rounds=2)
    assert result.attempts[1].error
    assert not result.attempts[1].accepted
    assert result.attempts[2].likeness > 0.99


def test_a_page_that_hangs_costs_that_attempt_only(run: Callable[..., Result]) -> None:
    hang = PAGE.replace("</body>", "<script>for(;;);</script></body>")
    result = run(ScriptedModel(answer(hang), answer(PAGE)), rounds=2)
    assert result.attempts[1].error
    assert result.attempts[2].likeness > 0.99


def test_a_failing_model_keeps_the_draft_and_says_why(run: Callable[..., Result]) -> None:
    result = run(ScriptedModel(ModelError("The model server answered 503.")))
    assert (result.stop_reason, result.message) == ("model failed", "The model server answered 503.")
    assert result.best == 0


def test_a_second_round_is_told_where_it_differs_after_the_same_beginning(run: Callable[..., Result]) -> None:
    model = ScriptedModel(answer(PAGE.replace("Order a loaf", "Order two loaves")), answer(PAGE))
    run(model, rounds=2)
    first, second = (request.messages for request in model.requests)
    assert second[: len(first)] == first
    last = "".join(part.text for part in second[-1].parts if isinstance(part, TextPart))
    assert "likeness" in last.lower()


def test_the_token_budget_ends_the_run(run: Callable[..., Result]) -> None:
    result = run(ScriptedModel(answer(WORSE)), rounds=9, tokens=1000)
    assert result.stop_reason == "tokens spent"
    assert result.usage.prompt_tokens == 1000


def test_the_time_budget_ends_the_run(run: Callable[..., Result]) -> None:
    assert run(ScriptedModel(answer(PAGE)), seconds=0.0).stop_reason == "time spent"


def test_cancel_between_steps_keeps_what_exists(run: Callable[..., Result]) -> None:
    asked = count()
    result = run(cancelled=lambda: next(asked) > 0)
    assert result.stop_reason == "cancelled"
    assert result.attempts == ()


def test_cancel_while_the_model_writes_keeps_the_draft(run: Callable[..., Result]) -> None:
    events: list[LoopEvent] = []
    writing = lambda: sum(event.kind == "chunk" for event in events) >= 2  # noqa: E731
    result = run(ScriptedModel(answer(PAGE)), emit=events.append, cancelled=writing)
    assert result.stop_reason == "cancelled"
    assert [a.source for a in result.attempts] == ["draft"]


def test_every_step_and_attempt_is_told(run: Callable[..., Result]) -> None:
    events: list[LoopEvent] = []
    run(ScriptedModel(answer(PAGE)), rounds=1, emit=events.append)
    started = [e.data["name"] for e in events if e.kind == "step" and e.data["state"] == "started"]
    assert started == [
        "looking", "drafting", "fitting", "rendering", "comparing", "reading",
        "writing", "rendering", "comparing", "reading",
    ]  # fmt: skip
    assert "".join(e.data["text"] for e in events if e.kind == "chunk") == answer(PAGE)
    assert [e.data["number"] for e in events if e.kind == "attempt"] == [0, 1]


class WalkingModel:
    """Labels every node as the rules do and says every space is as measured: the shortest true answer."""

    name, task = "walking", "walk"

    def __init__(self) -> None:
        self.requests: list[ModelRequest] = []

    def stream(
        self, request: ModelRequest, *, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Chunk | Finished]:
        self.requests.append(request)
        (part,) = request.messages[0].parts
        assert isinstance(part, TextPart)
        pattern = request.pattern or ""
        yield Chunk("answer", agreeing(pattern, part.text))
        yield Finished("stop", Usage(len(part.text), 1))

    def close(self) -> None: ...


def agreeing(pattern: str, asked: str) -> str:
    """The answer that agrees with the guesses in the question, for each place the pattern leaves open."""
    guesses = iter([alphabet.GUESS.value(c) for c in asked if alphabet.GUESS.value(c) is not None])
    out, guess = "", 0
    for piece in re.findall(r"\[(.+?)\]|(.)", pattern):
        choices, fixed = piece
        if fixed:
            out, guess = out + fixed, next(guesses) or 0
        elif alphabet.SPACE.value(choices[0]) is not None:
            out += alphabet.SPACE(alphabet.MEASURED)
        else:
            wanted = alphabet.SAID(guess)
            out += wanted if wanted in choices else choices[0]
    return out


def test_a_walking_model_relabels_the_draft_once_and_its_page_is_judged_like_any_other(
    renderer: Renderer, mockup: Image.Image
) -> None:
    model = WalkingModel()
    result = generate(mockup, options=LoopOptions(), renderer=renderer, client=model)
    assert [a.source for a in result.attempts] == ["draft", "model"]
    assert len(model.requests) == 1
    draft, walked = result.attempts
    assert walked.error is None
    assert walked.likeness >= draft.likeness - 0.02
    assert walked.keepability >= draft.keepability
    assert result.stop_reason in ("rounds spent", "good enough")
