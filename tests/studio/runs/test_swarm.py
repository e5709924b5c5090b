"""A tall mockup is written in sections at once, by a model that takes its time for each."""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from PIL import Image

from inference.types import Chunk, Finished, ImagePart, ModelError, ModelRequest, TextPart, Usage
from studio.pipeline.bundle import Bundle
from studio.pipeline.loop.attempts import LoopEvent, LoopOptions, Result
from studio.pipeline.loop.generate import generate
from studio.pipeline.rendering.render import Renderer

SECTIONS = 8
PACE = 2.0  # seconds a section
GROUNDS = ("#1d4ed8", "#ffffff", "#f3f4f6", "#ffffff", "#fef3c7", "#ffffff", "#ecfdf5", "#111827")
PAGE = """<!doctype html><style>body{{margin:0;font:16px/24px 'Liberation Sans',sans-serif}}
section{{height:420px;padding:40px}}</style>{}"""


def section(number: int) -> str:
    ink = "#ffffff" if number in (0, 7) else "#222222"
    return (
        f'<section style="background:{GROUNDS[number]};color:{ink}"><h2>Chapter number {number}</h2>'
        f"<p>What is told in the chapter of the number {number}.</p></section>"
    )


class SlowModel:
    """Writes whichever chapter its request speaks of, in `PACE` seconds; `broken` chapters fail so
    many times.
    """

    name, task = "slow", "page"

    def __init__(self, pace: float, broken: dict[int, int] | None = None) -> None:
        self.pace, self.broken, self.lock = pace, dict(broken or {}), threading.Lock()
        self.requests: list[ModelRequest] = []

    def stream(
        self, request: ModelRequest, *, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Chunk | Finished]:
        words = "".join(
            part.text for part in request.messages[-1].parts if isinstance(part, TextPart)
        )
        found = re.search(r'"Chapter number (\d)"', words)
        number = int(found[1]) if found else 0
        with self.lock:
            self.requests.append(request)
            fails = self.broken.get(number, 0) > 0
            self.broken[number] = self.broken.get(number, 0) - 1
        time.sleep(self.pace)
        if fails:
            raise ModelError("The model server answered 503.")
        ground = GROUNDS[number]
        html = (
            f'<section class="chapter"><h2 class="title">Chapter number {number}</h2>'
            f'<p class="text">What is told in the chapter of the number {number}.</p></section>'
        )
        css = f".chapter {{ background: {ground}; padding: 40px; min-height: 500px }}"
        css += " .title { font-size: 24px; margin: 20px 0 }"
        yield Chunk(
            "answer", f"```html section.html\n{html}\n```\n```css section.css\n{css}\n```\n"
        )
        yield Finished("stop", Usage(100, 50))

    def close(self) -> None: ...


@pytest.fixture(scope="module")
def mockup(renderer: Renderer) -> Image.Image:
    page = PAGE.format("".join(section(number) for number in range(SECTIONS)))
    picture = Image.open(io.BytesIO(renderer.render(Bundle({"index.html": page})).png)).convert(
        "RGB"
    )
    assert picture.size == (1280, 4000)
    return picture


@pytest.fixture(scope="module")
def told(renderer: Renderer, mockup: Image.Image) -> tuple[Result, SlowModel, list[LoopEvent]]:
    """One run, looked at by several tests: chapter 3 fails once, chapter 5 always."""
    model, events = SlowModel(PACE, {3: 1, 5: 9}), list[LoopEvent]()
    options = LoopOptions(rounds=1, fit=False)
    return (
        generate(mockup, options=options, renderer=renderer, client=model, emit=events.append),
        model,
        events,
    )


def test_all_sections_are_written_at_once(renderer: Renderer, mockup: Image.Image) -> None:
    model = SlowModel(PACE)
    result = generate(
        mockup, options=LoopOptions(rounds=1, fit=False), renderer=renderer, client=model
    )
    assert len(model.requests) == SECTIONS
    assert result.seconds["writing"] < 2.5 * PACE


def test_each_is_told_of_its_own_section_only_with_its_picture(
    told: tuple[Result, SlowModel, list[LoopEvent]],
) -> None:
    _, model, _ = told
    for request in model.requests:
        parts = request.messages[-1].parts
        words = "".join(part.text for part in parts if isinstance(part, TextPart))
        assert len(set(re.findall(r'"Chapter number (\d)"', words))) == 1
        (picture,) = [part for part in parts if isinstance(part, ImagePart)]
        assert Image.open(io.BytesIO(picture.data)).size == (1280, 500)


def test_the_page_has_all_of_them_in_order_and_shares_what_is_alike(
    told: tuple[Result, SlowModel, list[LoopEvent]],
) -> None:
    result, _, _ = told
    page = result.attempts[1]
    assert page.source == "model"
    assert page.error is None
    assert re.findall(r"Chapter number (\d)", page.bundle.files["index.html"])[-8:] == list(
        "01234567"
    )
    styles = page.bundle.files["styles.css"]
    assert styles.count("font-size: 24px") == 1
    assert styles.count("min-height: 500px") == len(set(GROUNDS))


def test_a_section_that_fails_is_asked_for_again_and_then_stays_its_draft(
    told: tuple[Result, SlowModel, list[LoopEvent]],
) -> None:
    _, model, events = told
    states = [(e.data["number"], e.data["state"]) for e in events if e.kind == "part"]
    assert [state for number, state in states if number == 3] == [
        "started",
        "failed",
        "retried",
        "finished",
    ]
    assert [state for number, state in states if number == 5] == [
        "started",
        "failed",
        "retried",
        "left as its draft",
    ]
    assert len(model.requests) == SECTIONS + 2


def test_when_no_section_can_be_written_the_model_s_words_end_the_run(
    renderer: Renderer, mockup: Image.Image
) -> None:
    model = SlowModel(0.0, dict.fromkeys(range(SECTIONS), 9))
    result = generate(mockup, options=LoopOptions(fit=False), renderer=renderer, client=model)
    assert (result.stop_reason, result.message) == (
        "model failed",
        "The model server answered 503.",
    )
    assert result.best == 0
