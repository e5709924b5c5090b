"""An attempt that restyles a page by rules, where no model reads the instructions."""

from __future__ import annotations

from studio.pipeline.bundle import Bundle
from studio.pipeline.editing.restyling.requests import RestyleRequests
from studio.pipeline.editing.restyling.restyle import restyle
from studio.pipeline.loop.state import RunState

NOT_USED = "Your instructions were not used: they need a model that writes (set MODEL_URL)."


def restyle_version(state: RunState) -> None:
    """Change the base version as far as rules can."""
    assert state.version_to_change is not None
    assert state.restyling is not None
    _attempt_restyling(state, state.version_to_change, state.restyling)


def restyle_result(state: RunState) -> None:
    """Carry out the instructions beside a mockup, where no model read them.

    The mockup's page must exist by then.
    """
    if not state.best or not state.has_mockup or state.base_version or state.restyling is None:
        return
    if state.restyling:
        _attempt_restyling(state, state.best.bundle, state.restyling)
    else:
        state.remarks.append(NOT_USED)


def _attempt_restyling(state: RunState, page: Bundle, requests: RestyleRequests) -> None:
    timings: dict[str, float] = {}
    with state.watch.step("writing", timings):
        restyled = restyle(page, requests)
    state.remarks += restyled.unmet
    if requests.left:
        left = ", ".join(requests.left)
        state.remarks.append(f"Not understood: {left}. Use a model that writes (set MODEL_URL).")
    if restyled.bundle is not page:
        state.judge_bundle("words", restyled.bundle, timings)
