"""Attempt zero: the base version, else the layout draft, fitted to the mockup."""

from __future__ import annotations

from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.fitting.draft.fit import fit_draft
from studio.pipeline.loop.state import RunState
from studio.pipeline.loop.strategies.fit_attempt import attempt_fit, fit_bundle
from studio.pipeline.loop.strategies.outline_attempt import draw_outline


def start_attempts(state: RunState) -> None:
    """Add attempt zero; with neither a base version, a mockup nor words there is none."""
    if state.base_version is not None:
        state.judge_bundle("start", state.base_version, {})
        if state.options.refit and state.has_mockup:
            attempt_fit(state, state.attempts[0])
    elif state.has_mockup:
        _attempt_draft(state)
    elif state.options.prompt.strip():
        draw_outline(state)


def _attempt_draft(state: RunState) -> None:
    timings: dict[str, float] = {}
    mockup = state.first_mockup
    with state.watch.step("drafting", timings):
        draft = make_draft(mockup.hints, state.assets)
        bundle = draft.bundle
    if state.options.fit:
        with state.watch.step("fitting", timings):
            draft = fit_draft(draft, mockup.hints, mockup.mockup, state.render_first_width)
            bundle = fit_bundle(state, draft.bundle, measured=True)
    state.draft = draft
    state.judge_bundle("draft", bundle, timings)
