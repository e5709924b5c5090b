"""An attempt labelled by a model: the draft's tree with its labels, spaces on a scale."""

from __future__ import annotations

from inference.types import Usage
from studio.pipeline.bundle import Bundle, BundleError
from studio.pipeline.codegen.draft import Draft
from studio.pipeline.fitting.draft.regularity import regularize_spaces
from studio.pipeline.labelling.model.label_page import label_with_model
from studio.pipeline.loop.state import RunState
from studio.pipeline.loop.strategies.fit_attempt import fit_bundle


def label_draft(state: RunState) -> None:
    """Label the draft's tree, write it as code, fit and judge it."""
    timings: dict[str, float] = {}
    try:
        with state.watch.step("writing", timings):
            bundle = _write_labelled(state)
        if state.options.fit:
            with state.watch.step("fitting", timings):
                bundle = fit_bundle(state, bundle, measured=True)
    except BundleError as error:
        state.add_failed_attempt(str(error), timings)
        return
    state.judge_bundle("model", bundle, timings)


def _write_labelled(state: RunState) -> Bundle:
    """Return the labelled page.

    Raises BundleError when the time is spent before the page is labelled.
    """
    assert state.client is not None
    assert state.draft is not None
    mockup = state.first_mockup
    labelled: Draft | None = None
    for item in label_with_model(
        state.draft,
        state.client,
        mockup.mockup,
        mockup.hints.scale,
        cancelled=state.watch.should_stop,
    ):
        if isinstance(item, Draft):
            labelled = item
        elif isinstance(item, Usage):
            state.usage += item
    state.watch.stop_if_cancelled()
    if labelled is None:
        raise BundleError("The time was spent before the model had labelled the page.")
    # The draft before its code was fitted, because the labelled page is not fitted yet either.
    before = state.judge.compare_first(state.draft.bundle)
    return regularize_spaces(
        labelled, mockup.hints, mockup.mockup, state.render_first_width, before
    ).bundle
