"""Many sections, each worked on by a model with tools: all assembled, requests and memory bounded."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator

import pytest
from PIL import Image

from inference.types import Chunk, Finished, ModelError, ModelRequest, TextPart, ToolCall, Usage
from studio.pipeline.bundle import Bundle
from studio.pipeline.loop.attempts import LoopEvent, LoopOptions
from studio.pipeline.loop.section_swarm import SectionSwarm
from studio.pipeline.loop.watch import RunWatch
from studio.pipeline.perception.hints import Box, Hints, Section, Swatch, TextLine
from studio.pipeline.prompting.mockup_slices import Slice
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.perceived_mockup import PerceivedMockup

WIDTH, HEIGHT = 400, 60  # px of a section
MANY = 300
AT_ONCE = 8


class SectionWorker:
    """Writes its chapter with a tool, then says it is done; counts what is open at the same time."""

    name, task = "worker", "page"

    def __init__(self, refuses: bool = False, calls: tuple[str, ...] = ()) -> None:
        self.refuses, self.calls = refuses, calls
        self.lock = threading.Lock()
        self.open = self.most_open = self.asked_with_tools = 0

    def stream(
        self, request: ModelRequest, *, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Chunk | Finished]:
        with self.lock:
            self.open += 1
            self.most_open = max(self.most_open, self.open)
            self.asked_with_tools += bool(request.tools)
        try:
            yield from self.answer(request)
        finally:
            with self.lock:
                self.open -= 1

    def answer(self, request: ModelRequest) -> Iterator[Chunk | Finished]:
        opening = "".join(
            part.text for part in request.messages[1].parts if isinstance(part, TextPart)
        )
        found = re.search(r'"Chapter (\d+)"', opening)
        assert found
        html = f'<section class="chapter"><h2 class="title">Chapter {found[1]}</h2></section>'
        if request.tools and self.refuses:
            raise ModelError("The model server answered 400.", kind="refused", status=400)
        if not request.tools:
            yield Chunk("answer", f"```html section.html\n{html}\n```\n```css section.css\n```\n")
            yield Finished("stop", Usage(50, 20))
        elif any(message.role == "tool" for message in request.messages):
            yield Finished("stop", Usage(50, 2))
        else:
            write = ("write_file", {"path": "section.html", "text": html})
            calls = [write, *((name, {}) for name in self.calls)]
            yield Finished(
                "stop",
                Usage(50, 20),
                calls=tuple(
                    ToolCall(f"c{n}", name, json.dumps(arguments))
                    for n, (name, arguments) in enumerate(calls)
                ),
            )

    def close(self) -> None: ...


def make_hints(number: int, height: int, top: int = 0) -> Hints:
    line = TextLine(
        1,
        Box(10, top + 20, 90, 16),
        f"Chapter {number}",
        0.99,
        size=20,
        weight=700,
        family="sans",
        font="Liberation Sans",
        color="#111111",
        background="#ffffff",
    )
    swatch = Swatch("#ffffff", 1.0)
    section = Section(0, height, "#ffffff")
    return Hints(WIDTH, height, 1.0, "#ffffff", (swatch,), (line,), (), (), (section,))


def make_swarm(
    sections: int, renderer: Renderer, limit: int = AT_ONCE, used: list[Usage] | None = None
) -> SectionSwarm:
    height = sections * HEIGHT
    sight = PerceivedMockup(Image.new("RGB", (WIDTH, height), "white"), make_hints(0, height))
    slices = [
        Slice(number, number * HEIGHT, (number + 1) * HEIGHT, make_hints(number, HEIGHT))
        for number in range(sections)
    ]
    options = LoopOptions(sections=limit, agent=True)
    return SectionSwarm(sight, slices, {}, options, ([] if used is None else used).append, renderer)


def write(
    swarm: SectionSwarm, worker: SectionWorker, tokens: int = 10**6
) -> tuple[Bundle, list[LoopEvent]]:
    events: list[LoopEvent] = []
    watch = RunWatch(events.append, lambda: False, 600.0)
    return swarm.write(worker, watch, tokens), events


def list_chapters(page: Bundle) -> list[int]:
    return [
        int(number) for number in re.findall(r"<h2[^>]*>Chapter (\d+)<", page.files["index.html"])
    ]


def test_all_of_many_sections_are_assembled_with_few_requests_open(renderer: Renderer) -> None:
    worker = SectionWorker()
    used: list[Usage] = []
    swarm = make_swarm(MANY, renderer, used=used)
    page, events = write(swarm, worker)
    assert list_chapters(page) == list(range(MANY))
    assert worker.most_open <= AT_ONCE
    assert worker.asked_with_tools == 2 * MANY
    assert sum(used, Usage()) == Usage(100 * MANY, 22 * MANY)
    finished = [event for event in events if event.data.get("state") == "finished"]
    assert len(finished) == MANY


def test_few_conversations_are_in_memory_at_a_time(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.pipeline.loop import section_swarm

    alive: set[int] = set()
    most = 0
    lock = threading.Lock()

    class Counted(section_swarm.SectionAgent):
        def __init__(self, *args: object, **options: object) -> None:
            nonlocal most
            super().__init__(*args, **options)  # type: ignore[arg-type]
            with lock:
                alive.add(id(self))
                most = max(most, len(alive))

        def __del__(self) -> None:
            with lock:
                alive.discard(id(self))

    monkeypatch.setattr(section_swarm, "SectionAgent", Counted)
    write(make_swarm(80, renderer, limit=4), SectionWorker())
    assert 1 <= most <= 2 * 4


def test_a_section_is_compared_alone_with_its_part_of_the_mockup(renderer: Renderer) -> None:
    results: list[str] = []

    class Reader(SectionWorker):
        def answer(self, request: ModelRequest) -> Iterator[Chunk | Finished]:
            for message in request.messages:
                if message.role == "tool" and isinstance(message.parts[0], TextPart):
                    results.append(message.parts[0].text)
            yield from super().answer(request)

    write(make_swarm(3, renderer), Reader(calls=("compare",)))
    compared = [text for text in results if text.startswith("likeness")]
    assert len(compared) == 3
    assert all(f"the mockup is {WIDTH} × {HEIGHT} px" in text for text in compared)


def test_a_server_that_refuses_tools_gets_one_request_per_section(renderer: Renderer) -> None:
    worker = SectionWorker(refuses=True)
    swarm = make_swarm(40, renderer)
    page, _ = write(swarm, worker)
    assert list_chapters(page) == list(range(40))
    assert worker.asked_with_tools <= AT_ONCE
    assert swarm.refuses_tools


def test_a_section_stops_at_its_share_of_the_tokens(renderer: Renderer) -> None:
    worker = SectionWorker()
    page, _ = write(make_swarm(4, renderer), worker, tokens=4 * 60)
    assert worker.asked_with_tools == 4
    assert list_chapters(page) == [0, 1, 2, 3]
