"""The generation loop: the draft or a base version first, then the model's attempts.

This is the one place where the pipeline (which renders and scores) meets the model (which writes).
It knows no database and no socket: events leave through `emit`, and `cancelled` is called between
steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PIL import Image

from inference.types import ModelClient, ModelError, Usage
from studio.pipeline.bundle import Bundle
from studio.pipeline.loop.attempts import LoopEvent, LoopOptions, Result
from studio.pipeline.loop.judge import Judge
from studio.pipeline.loop.sightings import describe_hints
from studio.pipeline.loop.state import RunState
from studio.pipeline.loop.stopping import explain_stop, find_stop_reason
from studio.pipeline.loop.strategies import choose_strategy
from studio.pipeline.loop.strategies.design_attempt import apply_design
from studio.pipeline.loop.strategies.draft_attempt import start_attempts
from studio.pipeline.loop.strategies.restyle_attempt import restyle_result
from studio.pipeline.loop.strategies.wish_attempt import read_wishes_on_outline
from studio.pipeline.loop.watch import Cancelled, RunWatch
from studio.pipeline.perception.assets import crop_assets
from studio.pipeline.perception.frame import cut_to_page, find_page_hints
from studio.pipeline.perception.hints import Hints
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.perceived_mockup import PerceivedMockup

Perceive = Callable[..., Hints]  # a picture and `scale`, as `find_page_hints` takes them


def generate(
    mockup: Image.Image | None,
    *,
    options: LoopOptions,
    renderer: Renderer,
    client: ModelClient | None = None,
    emit: Callable[[LoopEvent], None] = lambda event: None,
    cancelled: Callable[[], bool] = lambda: False,
    start: Bundle | None = None,
    also: Mapping[int, Image.Image] | None = None,
    spent: Callable[[Usage], bool] = lambda usage: False,
    perceive: Perceive = find_page_hints,
) -> Result:
    """Turn `mockup` (any size, RGB) into the best code the budget allows.

    A bad attempt never raises: it is recorded with its error.

    Args:
        mockup: None when there is only a prompt; code quality is then the only score.
        start: A base version. The prompt asks to change it; without a prompt it is refined like a
            draft.
        also: Mockups of the same page at further widths (CSS px → picture).
        spent: Returns True if, with the given usage, the team's budget allows nothing more.
        perceive: How a mockup is read; what it raises ends the run.
    """
    watch = RunWatch(emit, cancelled, options.seconds)
    state = RunState(options, client, watch, Judge((), renderer, watch, options.stack), start)
    watch.spent = lambda: spent(state.usage)
    try:
        _perceive(state, mockup, also or {}, perceive)
        start_attempts(state)
        read_wishes_on_outline(state)
        while (reason := find_stop_reason(state)) is None:
            _attempt_round(state)
        restyle_result(state)
        apply_design(state)
    except Cancelled:
        return state.to_result("cancelled")
    except ModelError as error:
        return _finish_without_model(state, str(error))
    finally:
        spent(state.usage)  # usage is charged however the run ended
    return state.to_result(reason, message=explain_stop(state, reason))


def _finish_without_model(state: RunState, message: str) -> Result:
    try:
        apply_design(state)
    except Cancelled:
        return state.to_result("cancelled")
    return state.to_result("model failed", message=message)


def _perceive(
    state: RunState, mockup: Image.Image | None, also: Mapping[int, Image.Image], perceive: Perceive
) -> None:
    if mockup is None:
        return
    with state.watch.step("looking"):
        # The first mockup's ratio may be said by a person; a further one's width says its ratio.
        mockups = [_read_mockup(mockup, state.options.scale, perceive)]
        for width in sorted(also, reverse=True):
            mockups.append(_read_mockup(also[width], also[width].width / width, perceive))
        state.set_mockups(tuple(mockups))
        cropped = crop_assets(state.first_mockup.mockup, state.first_mockup.hints)
        state.assets = {**cropped, **state.assets}
        state.watch.emit(LoopEvent("hints", describe_hints(state.first_mockup.hints)))


def _read_mockup(picture: Image.Image, scale: float | None, perceive: Perceive) -> PerceivedMockup:
    # A picture that is RGB already is not copied: one of 40 megapixels takes 160 MB.
    rgb = picture if picture.mode == "RGB" else picture.convert("RGB")
    hints = perceive(rgb, scale=scale)
    return PerceivedMockup(cut_to_page(rgb, hints), hints)


def _attempt_round(state: RunState) -> None:
    state.rounds += 1
    attempt = choose_strategy(state)
    attempt(state)
