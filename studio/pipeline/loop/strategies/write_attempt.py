"""Attempts written by the model: several candidates compete in a round."""

from __future__ import annotations

from inference.types import Message
from studio.pipeline.bundle import Bundle
from studio.pipeline.editing.losses import find_losses
from studio.pipeline.loop.candidates import build_requests, write_pages
from studio.pipeline.loop.state import RunState
from studio.pipeline.loop.stopping import is_satisfied
from studio.pipeline.loop.strategies.fit_attempt import attempt_fit_of_round
from studio.pipeline.prompting.page_prompt import add_refusal


def write_candidates(state: RunState) -> None:
    """Judge each candidate when it is finished; one that satisfies ends the others."""
    assert state.client is not None
    base, messages = _build_messages(state)
    tokens = state.tokens_left
    requests = build_requests(messages, state.options, tokens)
    answers = write_pages(
        state.client, requests, base, state.watch, tokens=tokens, spend=state.add_usage
    )
    state.failed_changes = ()
    for number in range(len(requests)):
        timings: dict[str, float] = {}
        with state.watch.step("competing" if number else "writing", timings):
            answer = next(answers, None)
        if answer is None:
            break
        state.watch.stop_if_cancelled()
        state.add_remarks(answer.remarks)
        if answer.page is None:
            state.failed_changes = (answer.error,)
            state.add_failed_attempt(answer.error, timings)
        elif losses := _find_losses(state, answer.page.bundle):
            state.failed_changes = (losses,)
            state.add_failed_attempt(f"The change was refused: {losses}", timings)
        else:
            state.failed_changes = answer.page.failures
            state.judge_bundle("model", Bundle(answer.page.bundle.files, state.assets), timings)
        if is_satisfied(state):
            answers.close()
            return
    attempt_fit_of_round(state)


def _find_losses(state: RunState, page: Bundle) -> str:
    """Return what the answer lost of the version that it was to change; empty for any other run."""
    if state.version_to_change is None:
        return ""
    return find_losses(
        state.messages.select_files(state.version_to_change), page, state.options.prompt
    )


def _build_messages(state: RunState) -> tuple[Bundle | None, tuple[Message, ...]]:
    """Return the version that the answer may change in blocks, and the messages.

    From the second round on that version is the best attempt, shown with its differences.
    """
    best = state.best
    version = state.version_to_change
    has_answer = any(attempt.source == "model" for attempt in state.attempts)
    if has_answer and best and not version:
        messages = state.messages.again(best, state.failed_changes)
        return state.messages.select_files(best.bundle), messages
    base = state.messages.select_files(version) if version else None
    first = state.attempts[0].bundle if state.attempts else None
    messages = state.messages.first(first)
    if version and state.failed_changes:
        messages = add_refusal(messages, state.failed_changes)
    return base, messages
