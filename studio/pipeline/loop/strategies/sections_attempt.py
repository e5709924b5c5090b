"""An attempt at a tall mockup whose sections are written at the same time, one request each."""

from __future__ import annotations

from collections.abc import Sequence

from studio.pipeline.bundle import Bundle
from studio.pipeline.loop.candidates import NO_PICTURES
from studio.pipeline.loop.section_swarm import SectionSwarm
from studio.pipeline.loop.state import RunState
from studio.pipeline.loop.strategies.agent_attempt import uses_agent
from studio.pipeline.loop.strategies.fit_attempt import attempt_fit_of_round
from studio.pipeline.prompting.mockup_slices import Slice, cut_mockup


def find_sections(state: RunState) -> Sequence[Slice]:
    """Return the sections to write.

    There are none after the first round, or when the mockup is written in one go.
    """
    if state.rounds > 1 or state.base_version is not None or not state.has_mockup:
        return ()
    return cut_mockup(state.first_mockup.hints, state.options.sections)


def write_sections(state: RunState) -> None:
    """Write all sections at once; later rounds refine the whole page."""
    assert state.client is not None
    timings: dict[str, float] = {}
    swarm = SectionSwarm(
        state.first_mockup,
        find_sections(state),
        state.assets,
        state.options,
        state.add_usage,
        state.renderer if uses_agent(state) else None,
    )
    with state.watch.step("writing", timings):
        bundle = swarm.write(state.client, state.watch, state.tokens_left)
    state.refuses_tools = state.refuses_tools or (uses_agent(state) and swarm.refuses_tools)
    if swarm.without_pictures:
        state.add_remarks([NO_PICTURES.format(model=state.client.name)])
    state.judge_bundle("model", Bundle(bundle.files, state.assets), timings)
    attempt_fit_of_round(state)
