"""What the tools say of a page that is known: its errors, its difference, its ignored area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from PIL import Image

from studio.pipeline.bundle import Bundle
from studio.pipeline.perception.frame import find_page_hints
from studio.pipeline.rendering.page_files import make_bundle_site
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.perceived_mockup import PerceivedMockup
from studio.pipeline.tools.calls import call_tool
from studio.pipeline.tools.results import ToolError, ToolResult
from studio.pipeline.tools.workbench import MockupSource, PageSource, SeenMockups, Workbench
from tests.studio.runs.scripted import PAGE

BROKEN = """<!doctype html><html lang="en"><title>B</title><body>
<script>throw new Error("no such boat")</script><img src="missing.png" alt="">
<script src="https://cdn.example/x.js"></script><div style="width:900px">Wide</div></body></html>"""
RED = PAGE.replace("#1d4ed8", "#dc2626")
TALL = "<!doctype html><body style='margin:0;height:9000px'>"
PAGES = {"right": PAGE, "red": RED, "broken": BROKEN, "tall": TALL}


class Shelf:
    """The scripted page's picture, and pages by name."""

    def __init__(self, mockup: Image.Image) -> None:
        self.mockup = mockup
        self.opened = 0

    def open_mockup(self, name: str, width: int | None) -> MockupSource:
        self.opened += 1
        return MockupSource(self.mockup, width)

    def open_page(self, name: str) -> PageSource:
        bundle = Bundle({"index.html": PAGES[name]})
        return PageSource(make_bundle_site(bundle), None if name == "broken" else bundle)

    def deliver(self, folder: str, files: Mapping[str, bytes]) -> str:
        return ""


@pytest.fixture(scope="module")
def bench(renderer: Renderer) -> Workbench:
    import io

    png = renderer.render(Bundle({"index.html": PAGE}), width=800, height=400).png
    mockup = Image.open(io.BytesIO(png)).convert("RGB")
    return Workbench(Shelf(mockup), renderer, find_page_hints)


def call(bench: Workbench, name: str, **arguments: object) -> ToolResult:
    return call_tool(bench, name, arguments)


def test_the_same_page_is_alike(bench: Workbench) -> None:
    result = call(bench, "compare", mockup="m", page="right")
    assert result.data["likeness"] > 0.99


def test_a_band_of_another_color_is_named_with_its_place(bench: Workbench) -> None:
    result = call(bench, "compare", mockup="m", page="red")
    assert result.data["likeness"] < 0.95
    assert "#dc2626" in result.text
    assert "x=0 y=0 w=800" in result.text
    assert result.pictures == ()


def test_an_ignored_area_costs_nothing(bench: Workbench) -> None:
    top = {"x": 0, "y": 0, "width": 800, "height": 88}
    result = call(bench, "compare", mockup="m", page="red", ignore=[top])
    assert result.data["likeness"] > 0.99


def test_the_page_beyond_an_ignored_area_still_counts(bench: Workbench) -> None:
    below = {"x": 0, "y": 200, "width": 800, "height": 100}
    result = call(bench, "compare", mockup="m", page="red", ignore=[below])
    assert result.data["likeness"] < 0.95


def test_errors_missing_files_and_overflow_are_told(bench: Workbench) -> None:
    text = call(bench, "render", page="broken", width=800, picture=False).text
    assert "no such boat" in text
    assert "not loaded: http://page.invalid/missing.png" in text
    assert "not loaded: https://cdn.example/x.js" in text
    assert "wider than the viewport" in text


def test_a_page_without_known_files_cannot_be_fitted(bench: Workbench) -> None:
    with pytest.raises(ToolError, match="fit changes files"):
        call(bench, "fit", mockup="m", page="broken")


def test_fit_returns_the_files_that_it_changed(bench: Workbench) -> None:
    result = call(bench, "fit", mockup="m", page="red")
    assert list(result.files) == ["index.html"]
    assert result.data["likeness"] > result.data["before"]


def test_a_mockup_is_perceived_once(bench: Workbench) -> None:
    perceived: list[object] = []

    def perceive(picture: Image.Image, scale: float | None) -> object:
        perceived.append(picture)
        return find_page_hints(picture, scale=scale)

    fresh = replace(bench, perceive=perceive, seen=type(bench.seen)())
    call(fresh, "read_mockup", mockup="m")
    call(fresh, "read_mockup", mockup="m", picture=True)
    assert len(perceived) == 1


def test_a_width_that_no_device_has_is_refused(bench: Workbench) -> None:
    with pytest.raises(ToolError, match=r"8 pixels a CSS pixel; use a width that gives 0.5 to 4"):
        call(bench, "read_mockup", mockup="m", width=100)


def test_a_picture_of_too_many_pixels_is_one_sentence(bench: Workbench) -> None:
    with pytest.raises(ToolError, match="144 million pixels"):
        call(bench, "render", page="tall", width=4000, ratio=2)


def test_large_mockups_do_not_stay_in_memory() -> None:
    seen = SeenMockups()
    for number in range(3):
        picture = Image.new("1", (5000, 5000))
        seen.keep((str(number), None), PerceivedMockup(picture, None))  # type: ignore[arg-type]
    assert [seen.find((str(number), None)) is None for number in range(3)] == [True, False, False]
