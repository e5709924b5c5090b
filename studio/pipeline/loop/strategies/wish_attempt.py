"""An attempt that carries out wishes on the outline that a version was made from, and makes the page again."""

from __future__ import annotations

from inference.types import ModelError
from studio.pipeline.loop.state import RunState
from studio.pipeline.outline.stored import store_outline
from studio.pipeline.outline.wish_changes import carry_out
from studio.pipeline.outline.wish_choice import WishReading, choose_wishes
from studio.pipeline.outline.wishes import read_wishes
from studio.pipeline.sections.page import build_page

UNFIT = "No operation on the page fits “{wish}”, so nothing was changed for it."


def read_wishes_on_outline(state: RunState) -> None:
    """Read the instructions as operations on the version's outline: by rule, else by the writer."""
    if not state.version_to_change or state.options.about or state.version_outline is None:
        return
    if state.writes_pages and state.has_mockup:
        return  # the mockup says what the page becomes
    wishes = read_wishes(state.options.prompt, state.version_outline)
    if wishes:
        state.wish_reading = WishReading(tuple(wishes))
    elif state.restyling and not state.restyling.left:
        return  # understood as a whole as a change of the style sheet
    elif state.client is not None and not state.is_labeller:
        state.wish_reading = _ask_writer(state)


def _ask_writer(state: RunState) -> WishReading | None:
    assert state.client is not None
    assert state.version_outline is not None
    timings: dict[str, float] = {}
    try:
        with state.watch.step("writing", timings):
            reading = choose_wishes(
                state.options.prompt,
                state.version_outline,
                state.client,
                stop=state.watch.should_stop,
            )
    except ModelError:
        if state.writes_pages:
            return None  # it is asked again for the page, and its error is then the run's
        raise
    state.usage += reading.usage
    state.watch.stop_if_cancelled()
    return reading


def carry_out_wishes(state: RunState) -> None:
    """Change the outline as the wishes say and add the page; say what was done and what was not."""
    assert state.wish_reading is not None
    assert state.version_outline is not None
    timings: dict[str, float] = {}
    with state.watch.step("writing", timings):
        changed = carry_out(state.version_outline, state.wish_reading.wishes)
        page = store_outline(build_page(changed.outline), changed.outline)
    unfit = [UNFIT.format(wish=wish) for wish in state.wish_reading.unfit]
    state.remarks += [*changed.done, *changed.unmet, *unfit]
    if changed.done:
        state.judge_bundle("words", page, timings)
