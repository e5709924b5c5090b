"""A page or picture behind an address as the mockup of the local tools."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from studio.cli.local_options import LocalOptions
from studio.cli.local_sources import LocalSources, is_loopback
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.tools.results import ToolError
from studio.pipeline.tools.workbench import MockupSource
from tests.studio.capture.web import PRIVATE, PUBLIC, Server, html, redirect, serving
from tests.studio.runs.making import png

RED, BLUE = (255, 0, 0), (0, 0, 255)
TOP = "<link rel=stylesheet href=/look.css><div class=top></div>"
LOOK = 200, {"Content-Type": "text/css"}, b".top{height:100px;background:red}"
TALL = html("<div style='height:19000px;background:linear-gradient(red,blue)'></div>")


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


@pytest.fixture
def other() -> Iterator[Server]:
    """A server of another origin, which is this machine too."""
    with serving(PUBLIC, {"/blue.png": (200, {"Content-Type": "image/png"}, png("blue"))}) as it:
        yield it


@pytest.fixture
def site(other: Server) -> Iterator[Server]:
    foreign = f"<img src='http://{PUBLIC}:{other.port}/blue.png' width=400 height=300>"
    answers = {
        "/page": html(TOP),
        "/foreign": html(TOP + foreign),
        "/look.css": LOOK,
        "/tall": TALL,
        "/blank": html(""),
        "/blue.png": (200, {"Content-Type": "image/png"}, png("blue", (300, 200))),
        "/bad.png": (200, {"Content-Type": "image/png"}, b"no picture"),
        "/data": (200, {"Content-Type": "application/json"}, b"{}"),
        "/away": redirect(f"http://{PUBLIC}:{other.port}/blue.png"),
    }
    with serving(PRIVATE, answers) as server:
        yield server


@pytest.fixture
def sources(tmp_path: Path, renderer: Renderer) -> LocalSources:
    options = LocalOptions((tmp_path,))
    return LocalSources(options.folders, is_loopback, renderer)


def address(site: Server, path: str) -> str:
    return f"http://{PRIVATE}:{site.port}{path}"


def test_a_page_is_captured_in_a_window_of_the_width(sources: LocalSources, site: Server) -> None:
    opened = sources.open_mockup(address(site, "/page"), 600)
    assert (opened.width, opened.note) == (600, "")
    assert opened.picture.size == (600, 800)
    assert [opened.picture.getpixel(at) for at in ((300, 50), (300, 150))] == [RED, (255,) * 3]


def test_a_page_without_a_width_is_captured_1280_px_wide(
    sources: LocalSources, site: Server
) -> None:
    opened = sources.open_mockup(address(site, "/page").replace("http", "HTTP", 1), None)
    assert (opened.width, opened.picture.width) == (1280, 1280)


def test_a_picture_is_the_mockup_as_it_is(sources: LocalSources, site: Server) -> None:
    opened = sources.open_mockup(address(site, "/blue.png"), 150)
    assert opened == MockupSource(opened.picture, 150)
    assert (opened.picture.size, opened.picture.getpixel((9, 9))) == ((300, 200), BLUE)


def test_only_the_top_of_a_very_tall_page_is_the_mockup_and_it_says_so(
    sources: LocalSources, site: Server
) -> None:
    opened = sources.open_mockup(address(site, "/tall"), 400)
    assert opened.picture.size == (400, 12_000)
    assert opened.note == "The page is 19000 px tall; its top 12000 px are the mockup."


def test_a_page_gets_nothing_from_other_servers(
    sources: LocalSources, site: Server, other: Server
) -> None:
    opened = sources.open_mockup(address(site, "/foreign"), 600)
    colors = opened.picture.getcolors(1 << 20)
    assert colors is not None
    assert BLUE not in [color for _, color in colors]
    assert other.asked == []


@pytest.mark.parametrize(
    ("path", "width", "reason"),
    [
        ("/blank", 600, "shows nothing"),
        ("/bad.png", None, r"/bad\.png: "),
        ("/data", None, "answers with application/json"),
        ("/none", None, "does not answer with a page"),
        ("/away", None, "does not answer with a page"),
        ("/page", 100, "a window of 320 to 2560 px; got the width 100"),
    ],
)
def test_what_cannot_be_a_mockup_is_told(
    sources: LocalSources, site: Server, path: str, width: int | None, reason: str
) -> None:
    with pytest.raises(ToolError, match=reason):
        sources.open_mockup(address(site, path), width)


@pytest.mark.parametrize(
    "name", ["https://example.org/", "HTTPS://EXAMPLE.ORG/", "http://169.254.169.254/latest"]
)
def test_other_hosts_are_asked_only_when_they_are_allowed(sources: LocalSources, name: str) -> None:
    with pytest.raises(ToolError, match="--allow-host"):
        sources.open_mockup(name, None)


def test_a_file_is_read_from_the_folder_as_before(sources: LocalSources) -> None:
    Image.new("RGB", (40, 30), "red").save(sources.folders[0] / "a.png")
    assert sources.open_mockup("a.png", None).picture.size == (40, 30)
