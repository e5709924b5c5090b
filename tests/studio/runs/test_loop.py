"""The spine, with a real browser and real measures; only the model's words are scripted."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from PIL import Image

from inference.types import Chunk, Finished, ImagePart, ModelError, ModelRequest, TextPart, Usage
from studio.pipeline.bundle import Bundle
from studio.pipeline.design_system.model import DesignSystem
from studio.pipeline.loop.attempts import LoopEvent, LoopOptions, Result
from studio.pipeline.loop.generate import generate
from studio.pipeline.loop.report import build_report
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.stacks.sources import make_measured_page
from tests.studio.runs.scripted import PAGE, ScriptedModel, WalkingModel, answer

WORSE = "<!doctype html><html><body><p>Something else entirely</p></body></html>"
FAR = Bundle(
    {"index.html": WORSE}
)  # to start from where a draft would be too good for the model to be needed


@pytest.fixture
def run(renderer: Renderer, mockup: Image.Image) -> Callable[..., Result]:
    def run(model: ScriptedModel | None = None, **wishes: object) -> Result:
        watch = {
            key: wishes.pop(key) for key in ("emit", "cancelled", "spent", "start") if key in wishes
        }
        options = LoopOptions(**{"target": 1.0, "fit": False, **wishes})
        return generate(mockup, options=options, renderer=renderer, client=model, **watch)

    return run


def test_without_a_model_the_layout_draft_stands_alone(run: Callable[..., Result]) -> None:
    result = run(fit=True)
    assert result.stop_reason == "no model"
    assert [(a.source, a.accepted) for a in result.attempts] == [("draft", True)]
    assert result.winner is not None
    assert "North Street Bakery" in result.winner.bundle.files["index.html"]
    assert result.winner.likeness > 0.8
    assert set(result.seconds) == {
        "looking",
        "drafting",
        "fitting",
        "rendering",
        "comparing",
        "reading",
    }


def test_a_better_answer_is_accepted_and_wins(run: Callable[..., Result]) -> None:
    result = run(ScriptedModel(answer(PAGE)), rounds=1, quality_target=1.0)
    assert result.stop_reason == "rounds spent"
    assert result.attempts[1].likeness > 0.99
    assert result.attempts[1].accepted == (
        result.attempts[1].likeness > result.attempts[0].likeness
    )
    assert result.best == max(result.attempts, key=lambda a: a.likeness).number


def test_a_worse_answer_is_dropped_and_two_in_a_row_end_the_run(run: Callable[..., Result]) -> None:
    result = run(ScriptedModel(answer(WORSE)), rounds=9)
    assert result.stop_reason == "no longer improving"
    assert [a.accepted for a in result.attempts] == [True, False, False]
    assert result.best == 0


def test_good_enough_asks_no_model(run: Callable[..., Result]) -> None:
    model = ScriptedModel(answer(PAGE))
    assert run(model, target=0.5, quality_target=0.5).stop_reason == "good enough"
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
    assert (result.stop_reason, result.message) == (
        "model failed",
        "The model server answered 503.",
    )
    assert result.best == 0


def test_a_second_round_is_told_where_it_differs_after_the_same_beginning(
    run: Callable[..., Result],
) -> None:
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


def test_a_teams_spent_budget_ends_the_run(run: Callable[..., Result]) -> None:
    model = ScriptedModel(answer(WORSE))
    result = run(model, rounds=9, spent=lambda usage: usage.completion_tokens > 0)
    assert result.stop_reason == "budget spent"
    assert len(model.requests) == 1
    assert result.best == 0


def test_the_time_budget_ends_the_run(run: Callable[..., Result]) -> None:
    assert run(ScriptedModel(answer(PAGE)), seconds=0.0).stop_reason == "time spent"


def test_cancel_between_steps_keeps_what_exists(run: Callable[..., Result]) -> None:
    asked = count()
    result = run(cancelled=lambda: next(asked) > 0)
    assert result.stop_reason == "cancelled"
    assert result.attempts == ()


def test_what_was_written_until_a_run_was_cancelled_counts_as_used(
    run: Callable[..., Result],
) -> None:
    events: list[LoopEvent] = []
    used: list[int] = []
    result = run(
        ScriptedModel(answer(PAGE * 20)),
        emit=events.append,
        cancelled=lambda: any(event.kind == "chunk" for event in events),
        spent=lambda usage: bool(used.append(usage.completion_tokens)),
    )
    assert result.stop_reason == "cancelled"
    assert used[-1] == result.usage.completion_tokens > 0


def test_cancel_while_the_model_writes_keeps_the_draft(run: Callable[..., Result]) -> None:
    events: list[LoopEvent] = []
    writing = lambda: sum(event.kind == "chunk" for event in events) >= 2  # noqa: E731
    result = run(ScriptedModel(answer(PAGE)), emit=events.append, cancelled=writing)
    assert result.stop_reason == "cancelled"
    assert [a.source for a in result.attempts] == ["draft"]


def test_every_step_and_attempt_is_told(run: Callable[..., Result]) -> None:
    events: list[LoopEvent] = []
    run(ScriptedModel(answer(PAGE)), rounds=1, fit=True, quality_target=1.0, emit=events.append)
    started = [e.data["name"] for e in events if e.kind == "step" and e.data["state"] == "started"]
    assert started == [
        "looking",
        "drafting",
        "fitting",
        "rendering",
        "comparing",
        "reading",
        "writing",
        "rendering",
        "comparing",
        "reading",
        "fitting",
    ]
    assert "".join(e.data["text"] for e in events if e.kind == "chunk") == answer(PAGE)
    assert [e.data["number"] for e in events if e.kind == "attempt"] == [0, 1]


def test_a_second_round_may_change_only_what_is_wrong_and_sees_the_worst_places(
    run: Callable[..., Result],
) -> None:
    block = "index.html\n<<<<<<< SEARCH\nOrder two loaves\n=======\nOrder a loaf\n>>>>>>> REPLACE\n"
    model = ScriptedModel(answer(PAGE.replace("Order a loaf", "Order two loaves")), block)
    result = run(model, rounds=2, start=FAR)
    assert result.winner is not None
    assert result.winner.bundle.files["index.html"].strip() == PAGE
    assert any(isinstance(part, ImagePart) for part in model.requests[1].messages[-1].parts)


def test_a_block_that_could_not_be_applied_is_named_to_the_model(
    run: Callable[..., Result],
) -> None:
    block = (
        "index.html\n<<<<<<< SEARCH\nOrder nine loaves\n=======\nOrder a loaf\n>>>>>>> REPLACE\n"
    )
    model = ScriptedModel(
        answer(PAGE.replace("Order a loaf", "Order two loaves")), block, answer(PAGE)
    )
    result = run(model, rounds=3, start=FAR)
    assert result.attempts[-1].likeness > 0.99
    assert "Order nine loaves" in (next(a for a in result.attempts if a.error).error or "")
    last = "".join(
        part.text for part in model.requests[2].messages[-1].parts if isinstance(part, TextPart)
    )
    assert "Order nine loaves" in last


def test_a_page_is_held_against_mockups_of_two_widths(
    renderer: Renderer, mockup: Image.Image
) -> None:
    narrow = "@media (max-width: 500px) { header { padding: 16px } main { padding: 20px 16px } }"
    page = PAGE.replace("</style>", f"{narrow}</style>")
    png = renderer.render(Bundle({"index.html": page}), width=390, height=300).png
    hand = Image.open(io.BytesIO(png)).convert("RGB")
    wrong = page.replace("main { padding: 20px 16px }", "main { padding: 44px 40px }")
    model = ScriptedModel(answer(wrong))
    options = LoopOptions(rounds=1, target=1.0)
    result = generate(mockup, options=options, renderer=renderer, client=model, also={390: hand})
    raw, fitted = result.attempts[1:]
    assert [view.width for view in raw.views] == [390]
    assert raw.comparison is not None
    assert raw.comparison.likeness > 0.99
    assert raw.likeness == pytest.approx(
        (raw.comparison.likeness + raw.views[0].comparison.likeness) / 2
    )
    assert fitted.fitted
    assert fitted.likeness > 0.99
    assert "main { padding: 20px 16px }" in fitted.bundle.files["index.html"]


def test_an_answer_in_the_runs_stack_is_fitted_in_its_own_sources(renderer: Renderer) -> None:
    app = """export default function App() {
  return (
    <main className="p-10">
      <h1 className="mb-6 text-4xl font-bold">North Street Bakery</h1>
      <p className="mb-8">Bread from our own oven, every morning.</p>
      <a className="inline-block rounded-lg bg-blue-700 px-6 py-3 text-white">Order a loaf</a>
    </main>
  );
}"""
    sheet = '@import "tailwindcss";\n@theme { --font-sans: "Liberation Sans", sans-serif; }'
    shown = make_measured_page(Bundle({"src/App.jsx": app, "src/styles.css": sheet}), "react")
    mockup = Image.open(io.BytesIO(renderer.render(shown, width=800, height=400).png)).convert(
        "RGB"
    )
    wrong = (
        app.replace("p-10", "p-6")
        .replace("bg-blue-700", "bg-green-600")
        .replace("text-4xl", "text-3xl")
    )
    model = ScriptedModel(
        f"```jsx src/App.jsx\n{wrong}\n```\n```css src/styles.css\n{sheet}\n```\n"
    )
    options = LoopOptions(rounds=1, target=1.0, stack="react")
    result = generate(mockup, options=options, renderer=renderer, client=model, start=FAR)
    raw, fitted = result.attempts[-2:]
    assert fitted.fitted
    assert fitted.accepted
    assert fitted.likeness > max(0.98, raw.likeness + 0.05)
    assert fitted.bundle.files["src/App.jsx"].strip() == app


class Choir:
    """Answers by the request's seed, each after its own time; knows which it was stopped in."""

    name, task = "choir", "page"

    def __init__(self, *answers: tuple[float, str]) -> None:
        self.answers, self.stopped = answers, 0

    def stream(
        self, request: ModelRequest, *, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Chunk | Finished]:
        seconds, text = self.answers[request.seed or 0]
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if cancelled():
                self.stopped += 1
                yield Finished("cancelled", Usage())
                return
            time.sleep(0.02)
        yield Chunk("answer", text)
        yield Finished("stop", Usage(100, 10))

    def close(self) -> None: ...


def test_candidates_compete_and_the_best_wins(run: Callable[..., Result]) -> None:
    events: list[LoopEvent] = []
    choir = Choir((0.2, answer(WORSE)), (0.4, answer(PAGE)), (0.6, "I cannot."))
    result = run(choir, rounds=1, candidates=3, quality_target=1.0, emit=events.append)
    assert [a.round for a in result.attempts] == [0, 1, 1, 1]
    assert result.winner is not None
    assert result.winner.likeness == max(a.likeness for a in result.attempts)
    assert result.attempts[3].error
    assert result.usage.prompt_tokens == 300
    assert [e.data["state"] for e in events if e.kind == "part"].count("finished") == 3


def test_a_candidate_that_is_good_enough_ends_the_others(run: Callable[..., Result]) -> None:
    choir = Choir((60.0, answer(WORSE)), (0.1, answer(PAGE)), (60.0, answer(WORSE)))
    result = run(choir, rounds=3, candidates=3, target=0.99, quality_target=0.0, start=FAR)
    assert result.stop_reason == "good enough"
    assert choir.stopped == 2


def test_a_walking_model_relabels_the_draft_once_and_its_page_is_judged_like_any_other(
    renderer: Renderer, mockup: Image.Image
) -> None:
    model = WalkingModel()
    options = LoopOptions(quality_target=1.0)
    result = generate(mockup, options=options, renderer=renderer, client=model)
    assert [a.source for a in result.attempts] == ["draft", "model"]
    (request,) = model.requests
    assert {type(part) for part in request.messages[0].parts} == {TextPart, ImagePart}
    draft, walked = result.attempts
    assert walked.error is None
    assert walked.likeness >= draft.likeness - 0.02
    assert walked.quality >= draft.quality
    assert result.stop_reason in ("rounds spent", "good enough")


def test_a_version_to_start_from_is_judged_as_it_is_when_nothing_is_asked(
    renderer: Renderer, mockup: Image.Image
) -> None:
    start = Bundle({"index.html": PAGE})
    result = generate(mockup, options=LoopOptions(), renderer=renderer, start=start)
    assert [(a.source, a.accepted) for a in result.attempts] == [("start", True)]
    assert result.attempts[0].bundle.files == start.files
    assert result.stop_reason == "no model"


def test_a_wish_is_carried_out_though_the_mockup_has_it_otherwise(
    renderer: Renderer, mockup: Image.Image
) -> None:
    model = ScriptedModel(answer(PAGE.replace("#1d4ed8", "#7c2d12")))
    wish = LoopOptions(prompt="Make the header brown")
    result = generate(
        mockup, options=wish, renderer=renderer, client=model, start=Bundle({"index.html": PAGE})
    )
    assert result.stop_reason == "wish carried out"
    assert result.winner is not None
    assert "#7c2d12" in result.winner.bundle.files["index.html"]
    last = "".join(
        part.text for part in model.requests[0].messages[-1].parts if isinstance(part, TextPart)
    )
    assert "Make the header brown" in last


def test_without_a_mockup_the_words_are_all_there_is(renderer: Renderer) -> None:
    result = generate(
        None,
        options=LoopOptions(prompt="A bakery"),
        renderer=renderer,
        client=ScriptedModel(answer(PAGE)),
    )
    assert result.winner is not None
    assert result.winner.comparison is None
    assert result.winner.quality > 0.5


def test_with_neither_mockup_nor_model_one_sentence_says_so(renderer: Renderer) -> None:
    result = generate(None, options=LoopOptions(), renderer=renderer)
    assert (result.stop_reason, result.attempts) == ("no model", ())
    assert "MODEL_URL" in result.message


def test_the_result_is_written_with_the_teams_design_system(run: Callable[..., Result]) -> None:
    design = DesignSystem(fonts={"font-body": "Georgia, serif", "font-sans": "Arimo, sans-serif"})
    result = run(design=design)
    assert [(a.source, a.accepted) for a in result.attempts] == [("draft", True), ("design", True)]
    assert result.winner is not None
    assert "font-family: var(--font-" in result.winner.bundle.files["styles.css"]
    assert result.design is not None
    assert {one.kind for one in result.design.mapped} == {"font"}
    assert {one.kind for one in result.design.unmapped} >= {"color", "type"}
    report = build_report(result, mockup=None, model=None)
    assert report["design"]["mapped"][0][0] == "font"


def test_a_failing_model_keeps_no_page_from_the_design_system(run: Callable[..., Result]) -> None:
    design = DesignSystem(fonts={"font-serif": "Georgia, serif", "font-sans": "Arimo, sans-serif"})
    result = run(ScriptedModel(ModelError("The model server answered 503.")), design=design)
    assert result.stop_reason == "model failed"
    assert result.winner is not None
    assert result.winner.source == "design"
