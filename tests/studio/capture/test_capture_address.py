"""A page or picture behind an address becomes a picture."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from studio.capture.addresses import CaptureCancelled, CaptureError
from studio.capture.capture import Capture, capture_address
from studio.outgoing.policy import Policy
from studio.pipeline.rendering.render import Renderer
from tests.studio.capture.web import PRIVATE, html, redirect, serving
from tests.studio.runs.making import png

HERE = Policy(private=True)
RED, BLUE = (255, 0, 0), (0, 0, 255)


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


def capture(renderer: Renderer, address: str, **more: Any) -> Capture:
    options: dict[str, Any] = {
        "width": 400,
        "policy": HERE,
        "seconds": 60,
        "most": 10**7,
        "most_pixels": 10**7,
    }
    return capture_address(address, renderer=renderer, **(options | more))


def picture(captured: Capture) -> Image.Image:
    return Image.open(io.BytesIO(captured.picture)).convert("RGB")


def test_a_page_is_captured_at_its_full_height_in_the_window_asked_for(renderer: Renderer) -> None:
    page = html(
        "<link rel=stylesheet href=/style.css><div class=top></div><img src=/blue.png loading=lazy "
        "style='display:block;width:100%;height:2000px'>"
    )
    style = 200, {"Content-Type": "text/css"}, b".top{height:100px;background:red}"
    blue = 200, {"Content-Type": "image/png"}, png("blue")
    answers = {"/shop?a=1": page, "/style.css": style, "/blue.png": blue}
    with serving(PRIVATE, answers) as server:
        found = capture(renderer, f"http://{PRIVATE}:{server.port}/shop?a=1#top")
    shot = picture(found)
    assert (shot.size, found.cut) == ((400, 2100), None)
    assert [shot.getpixel(at) for at in ((200, 50), (200, 2000))] == [RED, BLUE]


def test_what_a_script_fetches_after_the_page_has_loaded_is_in_the_picture(
    renderer: Renderer,
) -> None:
    page = html(
        "<p>Loading</p><script>onload = () => setTimeout(async () => {"
        "document.body.style.background = await (await fetch('/color')).text() }, 300)</script>"
    )
    color = 200, {"Content-Type": "text/plain"}, b"red"
    with serving(PRIVATE, {"/": page, "/color": color}) as server:
        shot = picture(capture(renderer, f"http://{PRIVATE}:{server.port}/"))
    assert shot.getpixel((390, 300)) == RED


def test_a_page_taller_than_the_limit_is_cut_and_says_so(renderer: Renderer) -> None:
    page = html("<div style='height:90000px;background:linear-gradient(red,blue)'></div>")
    with serving(PRIVATE, {"/": page}) as server:
        found = capture(renderer, f"http://{PRIVATE}:{server.port}/", most_pixels=400 * 1000)
    assert picture(found).size == (400, 1000)
    assert found.cut == 20_000  # as far as pages are measured


def test_the_address_of_a_picture_is_that_picture(renderer: Renderer) -> None:
    data = png("teal")
    with serving(PRIVATE, {"/a": (200, {"Content-Type": "image/png"}, data)}) as server:
        assert capture(renderer, f"http://{PRIVATE}:{server.port}/a") == Capture(data)


def test_redirects_are_followed_and_names_relative_to_where_they_lead(renderer: Renderer) -> None:
    page = html("<link rel=stylesheet href=style.css><p>Boats")
    style = 200, {"Content-Type": "text/css"}, b"body{background:red}"
    answers = {"/": redirect("/en/home"), "/en/home": page, "/en/style.css": style}
    with serving(PRIVATE, answers) as server:
        shot = picture(capture(renderer, f"http://{PRIVATE}:{server.port}/"))
    assert shot.getpixel((390, 300)) == RED


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((404, {}, b""), "has no page at this address \\(status 404\\)"),
        ((403, {}, b""), "does not show this page to visitors \\(status 403\\)"),
        ((200, {"Content-Type": "application/zip"}, b"PK"), "answers with application/zip"),
        (
            (200, {"Content-Type": "x/call 555 now"}, b""),
            "answers with neither a page nor a picture",
        ),
        (html("<!-- nothing -->"), "shows nothing here"),
        (redirect("/"), "on and on"),
        (redirect("file:///etc/passwd"), "no web page"),
        (redirect("http://xn--/"), "no web server answers there"),
        (redirect("https://////]"), "no web page"),
        (redirect("https://[::1"), "no web server answers there"),
        (redirect("http://ada:secret@example.com/"), "no web page"),
        (html("x", **{"Content-Encoding": "gzip"}), "compressed data"),
        (html("x" * 2_000_000), "more than the 1 MB"),
    ],
)
def test_each_failure_is_one_sentence(renderer: Renderer, answer: Any, words: str) -> None:
    with serving(PRIVATE, {"/": answer}) as server, pytest.raises(CaptureError, match=words):
        capture(renderer, f"http://{PRIVATE}:{server.port}/", most=1_000_000)


def test_a_host_that_does_not_exist_is_one_sentence(renderer: Renderer) -> None:
    with pytest.raises(CaptureError, match=r"There is no host named nowhere\.invalid"):
        capture(renderer, "https://nowhere.invalid/")


def test_a_page_that_never_stops_costs_its_own_capture(renderer: Renderer) -> None:
    answers = {"/": html("<p>x<script>for (;;) {}</script>"), "/ok": html("<p>fine")}
    with serving(PRIVATE, answers) as server:
        with pytest.raises(CaptureError, match="could not be captured"):
            capture(renderer, f"http://{PRIVATE}:{server.port}/", seconds=1)
        assert picture(capture(renderer, f"http://{PRIVATE}:{server.port}/ok")).width == 400


def test_a_page_that_nobody_waits_for_is_left(renderer: Renderer) -> None:
    answers = {"/": html("<p>x<script>for (;;) {}</script>"), "/ok": html("<p>fine")}
    with serving(PRIVATE, answers) as server:
        address = f"http://{PRIVATE}:{server.port}/"
        with pytest.raises(CaptureCancelled):
            capture(renderer, address, cancelled=lambda: server.asked == ["/"])
        assert picture(capture(renderer, f"{address}ok")).width == 400


def test_a_silent_server_is_left_once_nobody_waits_for_it(renderer: Renderer) -> None:
    with socket.create_server((PRIVATE, 0)) as silent:
        calls: list[socket.socket] = []

        def is_asked() -> bool:
            silent.settimeout(10)
            calls.append(silent.accept()[0])
            return True

        address = f"http://{PRIVATE}:{silent.getsockname()[1]}/"
        with pytest.raises(CaptureCancelled):
            capture(renderer, address, cancelled=is_asked)
        calls[0].close()
