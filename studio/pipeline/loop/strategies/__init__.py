"""The ways to make an attempt, one file each; `choose_strategy` picks the one of a round."""

from __future__ import annotations

from collections.abc import Callable

from studio.pipeline.loop.state import RunState
from studio.pipeline.loop.strategies.agent_attempt import uses_agent, work_with_tools
from studio.pipeline.loop.strategies.label_attempt import label_draft
from studio.pipeline.loop.strategies.outline_attempt import (
    write_added_sections,
    write_outline_texts,
)
from studio.pipeline.loop.strategies.restyle_attempt import restyle_version
from studio.pipeline.loop.strategies.sections_attempt import find_sections, write_sections
from studio.pipeline.loop.strategies.wish_attempt import carry_out_wishes
from studio.pipeline.loop.strategies.write_attempt import write_candidates

__all__ = ["choose_strategy"]


def choose_strategy(state: RunState) -> Callable[[RunState], None]:
    """Return how this round makes its attempts."""
    if state.options.added and not state.is_labeller:
        return write_added_sections
    if state.can_carry_out_wishes and state.rounds == 1:
        return carry_out_wishes
    if state.version_to_change and state.restyling is not None:
        return restyle_version
    if state.is_words_only and state.is_small_writer:
        return write_outline_texts
    if state.is_labeller:
        return label_draft
    if find_sections(state):
        return write_sections
    if uses_agent(state):
        return work_with_tools
    return write_candidates
