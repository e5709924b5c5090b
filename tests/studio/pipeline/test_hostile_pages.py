"""A page that hangs, floods or crashes costs its own attempt and nothing else: the very next render
works.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from studio.pipeline.bundle import Bundle
from studio.pipeline.rendering import browser_guard, page_files
from studio.pipeline.rendering.browser import BrowserMissing, find_browser
from studio.pipeline.rendering.browser_page import TALLEST
from studio.pipeline.rendering.render import Renderer, RenderError
from studio.pipeline.types import Render
from tests.processes import wait_for

LIMIT = 3.0
# What a page may do that ends in a picture all the same, within the limit.
HARMLESS = {
    "100k nodes": "<script>for (let i = 0; i < 1e5; i++) document.body.append(document.createElement('p'))</script>",
    "alert storm": "<script>for (let i = 0; i < 1e5; i++) { alert(i); confirm(i); prompt(i) }</script>",
    "endless alerts": "<script>setInterval(() => alert(1), 0)</script>",
    "form post": "<form method=post action=/elsewhere></form><script>document.forms[0].submit()</script>",
    "popups": "<script>for (let i = 0; i < 50; i++) open('/index.html')</script>",
    "meta refresh": "<meta http-equiv=refresh content='0;url=/index.html'>",
    "reload": "<script>location.reload()</script>",
    "service worker": "<script>navigator.serviceWorker?.register('/sw.js')</script>",
    "print": "<script>print()</script>",
    "unload prompt": "<script>onbeforeunload = () => 'stay'</script>",
    "endless timers": "<script>(function again() { setTimeout(again, 0) })()</script>",
    "endless animation": "<style>@keyframes a{to{opacity:0}}p{animation:a 1s infinite}</style>",
    "broken globals": "<script>Array.prototype.map = Object.keys = getComputedStyle = Math.max = null</script>",
    "no way out": "<script>document.exitFullscreen = window.close = null; history.pushState({}, '', '/x')</script>",
}
COSTLY = {
    "endless loop": "<script>for (;;);</script>",
    "endless loop later": "<script>setTimeout(() => { for (;;); }, 0)</script>",
    "endless loop on load": "<script>onload = () => { for (;;); }</script>",
    "endless microtasks": "<script>(function again() { Promise.resolve().then(again) })()</script>",
    "endless layout": "<script>new ResizeObserver(() => { for (;;); }).observe(document.body)</script>",
}


@pytest.fixture(scope="module")
def strict() -> Iterator[Renderer]:
    with Renderer(memory_limit=700 * 2**20) as renderer:
        yield renderer


def attempt(renderer: Renderer, html: str, time_limit: float = LIMIT) -> Render:
    return renderer.render(
        Bundle({"index.html": f"<body><p>shown</p>{html}</body>"}), time_limit=time_limit
    )


def works(renderer: Renderer) -> bool:
    return [text.text for text in renderer.render(Bundle({"index.html": "<p>next</p>"})).texts] == [
        "next"
    ]


@pytest.mark.parametrize("name", HARMLESS)
def test_a_page_that_only_makes_noise_is_rendered(renderer: Renderer, name: str) -> None:
    render = attempt(renderer, HARMLESS[name], time_limit=60)
    assert render.texts[0].text == "shown"
    assert render.height <= TALLEST


@pytest.mark.parametrize("name", COSTLY)
def test_a_page_that_hangs_costs_its_own_attempt(renderer: Renderer, name: str) -> None:
    began = time.monotonic()
    with pytest.raises(RenderError, match="still busy after 1 s"):
        attempt(renderer, COSTLY[name], time_limit=1)
    assert time.monotonic() - began < 30  # seconds, a browser started anew among them
    assert works(renderer)


def test_a_page_that_floods_the_script_heap_costs_its_own_attempt(strict: Renderer) -> None:
    with pytest.raises(RenderError, match=r"memory|busy"):
        attempt(
            strict,
            "<script>const all = []; for (;;) all.push(new Array(1e5).fill({}))</script>",
            time_limit=20,
        )
    assert works(strict)


def test_a_page_that_floods_memory_outside_the_script_heap_costs_its_own_attempt(
    strict: Renderer,
) -> None:
    with pytest.raises(RenderError, match="more than 700 MiB of memory"):
        attempt(
            strict,
            "<script>const all = []; for (;;) all.push(new Uint8Array(5e7).fill(1))</script>",
            time_limit=20,
        )
    assert works(strict)


def test_a_page_that_asks_for_a_file_for_ever_gets_so_many_bytes_in_all(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_files, "MOST_BYTES", 5_500_000)
    page = (
        "<p>0</p><script>const again = () => fetch('/a.bin').then((a) => a.arrayBuffer())"
        ".then(() => document.querySelector('p').textContent++);"
        "for (let i = 0; i < 40; i++) again()</script>"
    )
    bundle = Bundle({"index.html": page}, {"a.bin": bytes(1_000_000)})
    assert [text.text for text in renderer.render(bundle, time_limit=60).texts] == ["5"]


def test_a_thread_that_no_longer_answers_is_replaced_and_leaves_no_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Seen with 2 GB of answers for a page: the browser had ended, and each next render failed."""
    before = children()
    with Renderer() as renderer:
        assert works(renderer)
        stuck = threading.Event()
        thread = renderer._browser.thread
        assert thread is not None
        thread.submit(lambda browser: stuck.wait(30))
        monkeypatch.setattr(browser_guard, "START_LIMIT", 1.0)
        with pytest.raises(RenderError, match="did not start within 1 s"):
            attempt(renderer, "")
        monkeypatch.undo()
        assert works(renderer)
        stuck.set()
    wait_for(lambda: children() <= before, seconds=20, what="the end of drivers and browsers")


def test_a_browser_behind_a_start_script_is_ended_too(tmp_path: Path) -> None:
    """Debian's `chromium-headless-shell` is one that stays there: the browser does not lead its
    process group.
    """
    script = tmp_path / "browser"
    real = find_browser()
    if real is None:
        pytest.skip("no browser on PATH to put a script before")
    script.write_text(f'#!/bin/sh\n{real} "$@"\n')
    script.chmod(0o755)
    before = browsers()
    with (
        Renderer(str(script)) as renderer,
        pytest.raises(RenderError, match="still busy after 1 s"),
    ):
        attempt(renderer, "<script>for (;;);</script>", time_limit=1)
    wait_for(lambda: browsers() == before, seconds=10, what="the browser's end")


def test_a_page_taller_than_the_cap_is_cut(renderer: Renderer) -> None:
    render = attempt(
        renderer, "<div style='height:500000px;background:linear-gradient(red,blue)'></div>", 20
    )
    assert render.height == TALLEST


def test_a_browser_that_is_killed_meanwhile_costs_that_attempt(renderer: Renderer) -> None:
    assert works(renderer)
    killer = threading.Timer(0.5, kill_browsers_of_this_process)
    killer.start()
    with pytest.raises(RenderError):
        attempt(renderer, "<script>for (;;);</script>", time_limit=5)
    killer.join()
    assert works(renderer)


def test_a_browser_that_died_between_two_renders_is_replaced(renderer: Renderer) -> None:
    assert works(renderer)
    kill_browsers_of_this_process()
    time.sleep(0.3)
    assert works(renderer)


def test_it_renders_from_a_thread_with_a_running_loop_and_from_one_without(
    renderer: Renderer,
) -> None:
    async def inside() -> bool:
        return works(renderer)

    found: list[bool] = [asyncio.run(inside())]
    threads = [threading.Thread(target=lambda: found.append(works(renderer))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 3


def test_no_browser_is_left_behind() -> None:
    before = browsers()
    with Renderer() as renderer:
        assert works(renderer)
        assert browsers() > before
    deadline = time.monotonic() + 30
    while browsers() != before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert browsers() == before


def test_a_browser_that_is_not_there_is_one_clear_sentence() -> None:
    sentence = "No browser at '/no/such/chromium': set LIKENESS_BROWSER"
    with pytest.raises(BrowserMissing, match=sentence), Renderer("/no/such/chromium"):
        pass


def children() -> set[int]:
    """The processes that this process started: Playwright's drivers among them."""
    me = str(os.getpid())
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if fields[1] == me and fields[0] != "Z":
                found.add(int(folder.name))
    return found


def browsers() -> set[int]:
    """The main process of every browser that this process (its Playwright driver, that is) started."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        ours = b"--proxy-server=http://proxy.invalid:9" in words and not any(
            w.startswith(b"--type=") for w in words
        )
        if ours and descends(int(folder.name), os.getpid()):
            found.add(int(folder.name))
    return found


def descends(process: int, ancestor: int) -> bool:
    while process > 1:
        process = int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
        if process == ancestor:
            return True
    return False


def kill_browsers_of_this_process() -> None:
    for process in browsers():
        with suppress(ProcessLookupError):  # one of them ended with another
            os.kill(process, signal.SIGKILL)
