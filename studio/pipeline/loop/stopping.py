"""When the loop stops, and the sentence that explains it."""

from __future__ import annotations

from studio.pipeline.editing.restyling.requests import NOT_READ
from studio.pipeline.loop.attempts import ANSWERS, StopReason
from studio.pipeline.loop.state import RunState
from studio.pipeline.outline.wishes import WISH_NOT_READ
from studio.pipeline.stacks.sources import detect_stack

# Rounds in a row without an accepted attempt. A third seldom helps: loops gain in rounds 1 and 2.
PATIENCE = 2
NO_INPUT = "There is neither a mockup nor a model: send a mockup, or set MODEL_URL to a model that can write."
ONLY_LABELS = "The model {name} labels the parts of a mockup and cannot write a page: set MODEL_URL to another."
PLACEHOLDERS = (
    "No model wrote texts: the page has placeholders. Run `make writer` for a small writer on this machine, "
    "or set MODEL_URL to a model that can write."
)
NOT_OURS = "This version's code is written for {stack}: only a model that writes can change it as words say."


def find_stop_reason(state: RunState) -> StopReason | None:
    """Return why the loop stops now, or None to continue."""
    if _explain_missing_model(state):
        return "no model"
    if state.client is None and state.version_to_change is None:
        return "no model"
    if is_satisfied(state):
        return "wish carried out" if state.version_to_change else "good enough"
    if state.agent_stop is None and state.rounds >= _round_limit(state):
        return "rounds spent"
    if state.agent_stop is None and state.rounds >= PATIENCE and not _has_improved_recently(state):
        return "no longer improving"
    if state.watch.late:
        return "time spent"
    if state.watch.spent():
        return "budget spent"
    if state.used_tokens >= state.options.tokens:
        return "tokens spent"
    return state.agent_stop


def is_satisfied(state: RunState) -> bool:
    """Return True when the best attempt reaches both targets, or carries out the instructions.

    Both count: what looks right can still be better code.
    """
    best = state.best
    if best is None:
        return False
    if state.version_to_change or state.options.added:
        return best.source in ANSWERS
    if state.is_words_only and best.source == "draft":
        return False  # its texts are placeholders
    looks_right = not state.has_mockup or best.likeness >= state.options.target
    return looks_right and best.quality >= state.options.quality_target


def explain_stop(state: RunState, reason: StopReason) -> str:
    """Return what a person should read beside the reason; empty when the reason says enough."""
    missing = _explain_missing_model(state)
    if reason == "no model" and missing:
        return missing
    return " ".join(state.remarks)


def _explain_missing_model(state: RunState) -> str:
    """Return why no model can go on; empty when one can, or when the result stands without one."""
    if state.version_to_change and state.restyling is not None:
        stack = detect_stack(state.version_to_change, state.options.stack)
        if stack != "html-css":
            return NOT_OURS.format(stack=stack)
        if state.restyling or state.can_carry_out_wishes:
            return ""
        is_about_outline = state.version_outline is not None and not state.options.about
        return WISH_NOT_READ if is_about_outline else NOT_READ
    needs_texts = state.outline is not None or bool(state.options.added)
    if needs_texts and (state.client is None or state.is_labeller):
        return PLACEHOLDERS
    if state.client is None:
        return "" if state.attempts else NO_INPUT
    if state.is_labeller and state.draft is None:
        return ONLY_LABELS.format(name=state.client.name)
    return ""


def _round_limit(state: RunState) -> int:
    # A labeller answers the same tree the same way, and so do rules that read instructions.
    answers_once = state.is_labeller or state.is_small_writer or bool(state.options.added)
    if answers_once or state.client is None:
        return 1
    return state.options.rounds


def _has_improved_recently(state: RunState) -> bool:
    recent = [
        a for a in state.attempts if a.source in ANSWERS and a.round > state.rounds - PATIENCE
    ]
    return any(attempt.accepted for attempt in recent)
