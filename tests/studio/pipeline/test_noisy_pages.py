"""What a page says (console, errors, addresses) does not fill the memory of the process that renders."""

from __future__ import annotations

import subprocess
import sys

import pytest

from studio.pipeline.bundle import Bundle
from studio.pipeline.rendering.page_files import make_bundle_site
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.tools.render import LONGEST_PROBLEM, MOST_PROBLEMS, _NotingSite, render_checked
from studio.pipeline.tools.workbench import PageSource, Workbench

LONG = "'x'.repeat(2000000)"
IN_A_WORKER = "new Worker(URL.createObjectURL(new Blob([`for (let i = 0; i < 300; i++) {} SAYS`])))"
NOISE = {
    "console": f"for (let i = 0; i < 200; i++) console.log(i + {LONG})",
    "errors": f"for (let i = 0; i < 200; i++) setTimeout(() => {{ throw new Error(i + {LONG}) }})",
    "rejections": f"for (let i = 0; i < 200; i++) Promise.reject(new Error(i + {LONG}))",
    "a worker's console": "new Worker(URL.createObjectURL(new Blob(["
    f"`for (let i = 0; i < 300; i++) console.log(i + {LONG})`])))",
}
# The most that the process may grow by, in MiB. A quiet page takes 10; each of these took 200 to 350 in
# the eight seconds that it is given here, and up to 1,800 in twenty.
ALLOWED = 150
RENDER = """
import resource, sys
from studio.pipeline.bundle import Bundle
from studio.pipeline.rendering.render import Renderer, RenderError
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
with Renderer() as renderer:
    before = peak()
    try:
        renderer.render(Bundle({"index.html": sys.stdin.read()}), time_limit=8)
    except RenderError:
        pass
    print(peak() - before)
"""


@pytest.mark.parametrize("name", NOISE)
def test_a_flood_of_words_stays_in_the_browser(name: str) -> None:
    page = f"<!doctype html><p>shown</p><script>{NOISE[name]}</script>"
    finished = subprocess.run(
        [sys.executable, "-c", RENDER], input=page, capture_output=True, text=True, check=True
    )
    assert int(finished.stdout) < ALLOWED


def test_short_errors_are_still_told(renderer: Renderer) -> None:
    page = "<p>a</p><script>setTimeout(() => { throw new Error('lost the boats') })</script>"
    site = make_bundle_site(Bundle({"index.html": page}))
    bench = Workbench(None, renderer, None)  # type: ignore[arg-type]
    checked = render_checked(bench, PageSource(site), width=300, height=200)
    assert checked.problems == ("script error: lost the boats",)


def test_few_and_short_addresses_are_kept_of_what_is_missing() -> None:
    missing: list[str] = []
    inner = make_bundle_site(Bundle({"index.html": "<p>a"}))
    site = _NotingSite(inner.entry, inner.read, inner.charset, inner, missing)
    for number in range(1000):
        assert site.answer(f"https://elsewhere.example/{number}{'a' * 10_000}") is None
    assert len(missing) == MOST_PROBLEMS
    assert max(map(len, missing)) <= LONGEST_PROBLEM + len("not loaded: ")
