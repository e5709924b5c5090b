"""The run's page written with the team's design system."""

from __future__ import annotations

from studio.pipeline.design_system.page_mapping import map_page
from studio.pipeline.loop.state import RunState

TOO_LONG = "The page could not be mapped onto the design system: it took too much memory or time."


def apply_design(state: RunState) -> None:
    """Add the best attempt with the team's tokens and components, which replaces it."""
    design = state.options.design
    if design is None or state.best is None:
        return
    timings: dict[str, float] = {}
    page = state.best.bundle
    with state.watch.step("writing", timings):
        mapped = map_page(page, design)
    if mapped is None:
        state.add_remarks([TOO_LONG])
        return
    bundle, state.design_report = mapped
    if bundle.files != page.files:
        state.judge_bundle("design", bundle, timings)
