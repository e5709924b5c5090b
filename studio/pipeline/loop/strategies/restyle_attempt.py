"""An attempt that restyles a page by rules, where no model reads the instructions."""

from __future__ import annotations

from studio.pipeline.bundle import Bundle
from studio.pipeline.editing.restyling.requests import RestyleRequests
from studio.pipeline.editing.restyling.restyle import restyle
from studio.pipeline.loop.state import RunState

NOT_USED = "Your words were not used: only a model that writes can follow them (MODEL_URL)."


def restyle_version(state: RunState) -> None:
    """Change the base version as far as rules can."""
    assert state.version_to_change is not None
    assert state.restyling is not None
    _attempt_restyling(state, state.version_to_change, state.restyling)


def restyle_result(state: RunState) -> None:
    """Carry out what was said beside a mockup once its page exists and no model has read it."""
    if not state.best or state.base_version or state.restyling is None:
        return
    if state.restyling:
        _attempt_restyling(state, state.best.bundle, state.restyling)
    else:
        state.remarks.append(NOT_USED)


def _attempt_restyling(state: RunState, page: Bundle, wishes: RestyleRequests) -> None:
    timings: dict[str, float] = {}
    with state.watch.step("writing", timings):
        done = restyle(page, wishes)
    state.remarks += done.vain
    if wishes.left:
        left = ", ".join(wishes.left)
        state.remarks.append(f"Not understood: {left}. A model that writes may (MODEL_URL).")
    if done.bundle is not page:
        state.judge_bundle("words", done.bundle, timings)
