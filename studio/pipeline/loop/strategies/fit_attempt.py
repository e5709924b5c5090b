"""An attempt with its numbers and colors fitted to the mockup; costs no tokens."""

from __future__ import annotations

from studio.pipeline.bundle import Bundle
from studio.pipeline.fitting.css.fit_css import fit_code
from studio.pipeline.loop.attempts import AttemptResult
from studio.pipeline.loop.state import RunState
from studio.pipeline.stacks.sources import detect_stack


def fit_bundle(state: RunState, bundle: Bundle, *, measured: bool = False) -> Bundle:
    """Return the bundle fitted in its own stack; the same object when nothing improves.

    The draft, and what a labeller makes of it, is HTML + CSS in every run.
    """
    return fit_code(
        bundle,
        state.judge.sights,
        state.renderer,
        measured=measured,
        stop=state.watch.should_stop,
        stack=detect_stack(bundle, state.options.stack),
    )


def attempt_fit(state: RunState, attempt: AttemptResult) -> None:
    """Add the fitted page as an attempt of its own, if the fit changed anything."""
    timings: dict[str, float] = {}
    with state.watch.step("fitting", timings):
        bundle = fit_bundle(state, attempt.bundle)
    if bundle is not attempt.bundle:
        state.judge_bundle(attempt.source, bundle, timings, fitted=True)


def attempt_fit_of_round(state: RunState) -> None:
    """Fit the likeliest answer of this round.

    A change that a person asked for is left as the model made it.
    """
    if not state.options.fit or state.version_to_change or state.watch.late:
        return
    answers = [a for a in state.attempts if a.round == state.rounds and a.comparison]
    if answers:
        attempt_fit(state, max(answers, key=lambda a: a.likeness))
