"""Attempts by a model that calls tools: it works on the page until it stops or a budget is spent.

A server that refuses tools, and a model that answers without a call, get today's rounds instead.
"""

from __future__ import annotations

from inference.types import Chunk, Message, ModelError
from studio.pipeline.bundle import Bundle, BundleError
from studio.pipeline.loop.agent.conversation import Conversation, ToolUse, Turn, read_arguments
from studio.pipeline.loop.agent.page_agent import PageAgent
from studio.pipeline.loop.agent.page_files import PageFiles, WriteFileInput
from studio.pipeline.loop.attempts import AttemptResult, StopReason
from studio.pipeline.loop.state import RunState
from studio.pipeline.loop.stopping import is_satisfied
from studio.pipeline.loop.strategies.fit_attempt import attempt_fit_of_round, fit_bundle
from studio.pipeline.loop.strategies.write_attempt import write_candidates
from studio.pipeline.prompting.agent_prompt import build_agent_messages
from studio.pipeline.prompting.answers import read_page
from studio.pipeline.prompting.messages import list_differences
from studio.pipeline.prompting.mockup_pictures import cut_into_pictures
from studio.pipeline.prompting.page_prompt import write_as_files
from studio.pipeline.tools.catalog import parse_arguments
from studio.pipeline.tools.results import ToolError

TURNS = 12  # of the model in one of the run's rounds
PATIENCE = 4  # attempts in a row that are not kept
# Tokens of a conversation from which it begins anew with the best page: half of what a small
# server's context holds, and every turn reads all of it.
LONGEST_CONTEXT = 60_000
ENOUGH = "That is good enough: the targets are reached. Answer with one sentence and no call."


def uses_agent(state: RunState) -> bool:
    """Return True when the run's model works with tools, as far as is known."""
    options = state.options
    return options.agent and not state.refuses_tools and options.candidates == 1


def work_with_tools(state: RunState) -> None:
    """Let the model work on the page; falls back to a written answer where it cannot call tools."""
    assert state.client is not None
    agent = PageAgent(state, PageFiles(_find_start(state)), fit_bundle)
    conversation = Conversation(
        state.client,
        _build_opening(state, agent.files.bundle),
        agent.make_tools(),
        thinking=state.options.thinking,
        stop=state.watch.should_stop,
        hear=lambda chunk: _pass_on(state, chunk),
        tell=lambda use: _show_use(state, use),
    )
    try:
        first = _take_turn(state, conversation)
    except ModelError as error:
        if error.kind != "refused":
            raise
        state.refuses_tools = True
        write_candidates(state)
        return
    if not first.calls:
        _read_written_answer(state, agent, first)
        return
    state.agent_stop = _go_on(state, agent, conversation)
    agent.judge()


def _go_on(state: RunState, agent: PageAgent, conversation: Conversation) -> StopReason:
    """Take turns until the model stops calling, the page is good enough or a budget is spent."""
    told_enough = False
    for _ in range(TURNS * max(1, state.options.rounds) - 1):
        if _is_spent(state):
            return "rounds spent"
        if _gains_nothing(state):
            return "no longer improving"
        if is_satisfied(state) and not state.version_to_change:
            if told_enough:
                return "model finished"
            conversation.add(ENOUGH)
            told_enough = True
        if conversation.context > LONGEST_CONTEXT:
            agent.judge()
            conversation.begin_anew(_build_opening(state, agent.files.bundle))
        turn = _take_turn(state, conversation)
        if not turn.calls and not turn.cut:
            return "model finished"
    return "rounds spent"


def _is_spent(state: RunState) -> bool:
    """Return True when time, the team's budget or tokens are; the stop rules say which."""
    return state.watch.should_stop() or state.used_tokens >= state.options.tokens


def _gains_nothing(state: RunState) -> bool:
    recent = [one for one in state.attempts if one.round == state.rounds][-PATIENCE:]
    return len(recent) == PATIENCE and not any(attempt.accepted for attempt in recent)


def _take_turn(state: RunState, conversation: Conversation) -> Turn:
    before = conversation.usage
    try:
        with state.watch.step("writing"):
            turn = conversation.ask(state.tokens_left)
            _show_written_files(state, turn)
    finally:
        state.add_usage(conversation.usage - before)
    state.watch.stop_if_cancelled()
    conversation.carry_out(turn)
    return turn


def _find_start(state: RunState) -> Bundle:
    """Return the files that the model begins with: the best page so far, in the run's stack."""
    best = state.best
    if best is None:
        return Bundle({}, state.assets)
    return Bundle(state.messages.select_files(best.bundle).files, state.assets)


def _build_opening(state: RunState, files: Bundle) -> tuple[Message, ...]:
    best = state.best
    mockup = None
    if state.has_mockup:
        first = state.first_mockup
        pictures = cut_into_pictures(first.shrink(), first.hints.sections)
        mockup = (pictures, first.hints)
    return build_agent_messages(
        stack=state.options.stack,
        targets=(state.options.target, state.options.quality_target),
        mockup=mockup,
        files=files,
        scores=_describe_scores(best),
        differences=list_differences(best) if best else (),
        prompt=state.options.prompt,
        is_change=state.version_to_change is not None,
    )


def _describe_scores(best: AttemptResult | None) -> str:
    if best is None:
        return ""
    likeness = f"likeness {best.likeness:.4f}, " if best.comparison else ""
    return f"{likeness}code quality {best.quality:.3f}"


def _read_written_answer(state: RunState, agent: PageAgent, turn: Turn) -> None:
    """Judge a page that the model wrote as text; the run goes on in rounds without tools."""
    state.refuses_tools = True
    base = agent.files.bundle if agent.files.bundle.files else None
    try:
        page = read_page(turn.text, base)
    except BundleError:
        if not state.watch.should_stop():
            write_candidates(state)
        return
    state.failed_changes = page.failures
    state.judge_bundle("model", Bundle(page.bundle.files, state.assets), {})
    attempt_fit_of_round(state)


def _pass_on(state: RunState, chunk: Chunk) -> None:
    more: dict[str, int | bool] = {}
    if chunk.tokens:
        more["tokens"] = chunk.tokens
    if chunk.restarts:
        more["restarts"] = True
    state.watch.tell("chunk", kind=chunk.kind, text=chunk.text, **more)


def _show_written_files(state: RunState, turn: Turn) -> None:
    """Show watchers the files that the model is about to write, as an answer's fences."""
    for call in turn.calls:
        if call.name != "write_file":
            continue
        try:
            given = parse_arguments(WriteFileInput, read_arguments(call))
            text = write_as_files(Bundle({given.path: given.text}))
        except ToolError:
            continue
        state.watch.tell("chunk", kind="answer", text=f"\n{text}\n")


def _show_use(state: RunState, use: ToolUse) -> None:
    """Tell watchers that a call begins or has ended."""
    data = {"name": use.name, "words": use.words}
    if use.outcome:
        state.watch.tell("tool", **data, state="finished", outcome=use.outcome)
    else:
        state.watch.tell("tool", **data, state="started")
