"""Attempts at a page from words alone: an outline by rule, its texts by a small writer, the page by the
section library.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from studio.pipeline.bundle import ENTRY, Bundle
from studio.pipeline.loop.state import RunState
from studio.pipeline.outline.plan import plan_outline
from studio.pipeline.outline.prompt_reading import read_prompt
from studio.pipeline.outline.schema import Outline, write_outline
from studio.pipeline.outline.stored import store_outline
from studio.pipeline.outline.writer import write_texts
from studio.pipeline.sections.page import SHEET, build_page


def draw_outline(state: RunState) -> None:
    """Plan the page and add it with placeholders: it is on screen before a model has read a word."""
    timings: dict[str, float] = {}
    with state.watch.step("outlining", timings):
        outline = plan_outline(state.options.prompt)
        state.outline = outline
        _tell_outline(state, outline, written=0)
        page = _build(outline)
        state.assets = page.assets
    state.judge_bundle("draft", page, timings)


def write_outline_texts(state: RunState) -> None:
    """Have the writer fill the outline's texts, section by section, and add the page."""
    has_name = bool(read_prompt(state.options.prompt).name)
    _write_sections(state, state.options.prompt, None, has_name=has_name)


def write_added_sections(state: RunState) -> None:
    """Have a model write the sections that a person added to the base version's outline.

    All others stay as they are.
    """
    state.outline = state.version_outline
    if state.outline is not None:
        _write_sections(state, state.options.brief, state.options.added, has_name=True)


def _write_sections(
    state: RunState, prompt: str, places: Collection[int] | None, *, has_name: bool
) -> None:
    assert state.client is not None
    assert state.outline is not None
    timings: dict[str, float] = {}
    with state.watch.step("writing", timings):
        written = write_texts(
            state.outline,
            prompt,
            state.client,
            has_own_name=has_name,
            places=places,
            stop=state.watch.should_stop,
        )
        stream = PageStream(state)
        done: set[int] = set()  # a hero may be written twice
        for one in written:
            state.usage += one.usage
            state.outline = one.outline
            done.add(one.place)
            _tell_outline(state, one.outline, written=len(done))
            stream.show(one.outline, one.place)
        page = _build(state.outline)
        stream.finish(page)
    state.watch.stop_if_cancelled()
    state.judge_bundle("model", page, timings)


class PageStream:
    """Shows the page while it grows: as the fenced files that a model would have streamed.

    The style sheet goes first, because it is known before any text is; then the markup as far as the
    texts are written.
    """

    def __init__(self, state: RunState) -> None:
        self._watch = state.watch
        self._sent = ""

    def show(self, outline: Outline, place: int) -> None:
        """Send the markup up to the section at `place`, which was just written."""
        page = build_page(outline)
        if not self._sent:
            self._tell(f"```css {SHEET}\n{page.files[SHEET]}\n```\n```html {ENTRY}\n")
        self._send_html(_cut_before_section(page.files[ENTRY], _next_kind(outline, place)))

    def finish(self, page: Bundle) -> None:
        if self._sent:
            self._send_html(page.files[ENTRY])
            self._tell("```\n")

    def _send_html(self, html: str) -> None:
        """Send what is new; a page that differs from what was sent is left to the attempt."""
        if html.startswith(self._sent):
            self._tell(html[len(self._sent) :])
            self._sent = html

    def _tell(self, text: str) -> None:
        if text:
            self._watch.tell("chunk", kind="answer", text=text)


def _next_kind(outline: Outline, place: int) -> str:
    following = outline.sections[place + 1 :]
    return following[0].kind if following else ""


def _cut_before_section(html: str, kind: str) -> str:
    """Return the page's markup up to the section of this kind; all of it where there is none."""
    marks: Iterator[int] = (
        html.find(mark) for mark in (f' id="{kind}"', '<footer class="site-footer"')
    )
    found = next((place for place in marks if place > 0), len(html))
    return html[: html.rfind("\n", 0, found) + 1] if found < len(html) else html


def _build(outline: Outline) -> Bundle:
    return store_outline(build_page(outline), outline)


def _tell_outline(state: RunState, outline: Outline, *, written: int) -> None:
    state.watch.tell("outline", outline=write_outline(outline), written=written)
