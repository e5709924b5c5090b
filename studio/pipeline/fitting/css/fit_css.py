"""The fit of code: probe what each number does, change the few that explain the errors.

A change is kept if the page is then more like the mockup. This works on a page of any stack, a
model's or the draft's. It edits the values in the page's own rules, tokens and utilities and nothing
else, so the code reads as before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from studio.pipeline.bundle import Bundle
from studio.pipeline.fitting.css.colors_and_type import fit_font_sizes, fit_paints
from studio.pipeline.fitting.css.knobs import Knob, set_knobs
from studio.pipeline.fitting.css.lengths import fit_lengths, round_to_space_scale
from studio.pipeline.fitting.css.probe import Probed, probe_knobs
from studio.pipeline.fitting.css.stack_knobs import find_idle_declarations, find_knobs_at
from studio.pipeline.fitting.css.targets import FitTargets, collect_targets
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.compare import compare
from studio.pipeline.scoring.likeness.perceived_mockup import PerceivedMockup
from studio.pipeline.stacks.confined import page
from studio.pipeline.stacks.kinds import Stack, StackError
from studio.pipeline.types import Comparison, Render, RenderError

GAIN = 0.0001  # likeness; a change that gains less is not worth another number in the code
ENOUGH = 0.002  # a cycle that gains less is the last
COARSE = 3.0  # px; where all changes together do harm, those above may still help
CYCLES = 4  # of looks and spaces, because effects are known for small changes only

REACHES = (2.0, 1.0, 0.5)  # px by which a space may change to be on the scale
PRICE = 0.001  # likeness that such a change may cost

Values = dict[Knob, float | str]
Solve = Callable[[FitTargets, Probed], Values]


@dataclass(frozen=True, slots=True)
class Measured:
    """A bundle with its renders and comparisons."""

    bundle: Bundle
    shown: Bundle  # the page that its stack makes of it
    views: tuple[tuple[Render, Comparison], ...]  # one per mockup

    @property
    def likeness(self) -> float:
        return sum(comparison.likeness for _, comparison in self.views) / len(self.views)


def fit_code(
    bundle: Bundle,
    sights: Sequence[PerceivedMockup],
    renderer: Renderer,
    *,
    measured: bool = False,
    stop: Callable[[], bool] = lambda: False,
    stack: Stack = "html-css",
) -> Bundle:
    """Return the page with better numbers, or unchanged.

    At the first mockup's width every number may change, at further widths only those of their own media
    queries. An error of rendering returns the page unchanged.

    Args:
        measured: The numbers were measured in the mockup (a draft's), so they may be rounded to the
            scale of spaces.
        stop: When it returns True, the best page so far is returned.
        stack: The stack of the sources. The sources are edited; the page made of them is measured.
    """
    work = _Work(tuple(sights), renderer, stack)
    try:
        best = work.measure(bundle)
        for number in range(len(sights)):
            for _ in range(CYCLES):
                if stop():
                    return best.bundle
                before = best
                best = work.step(best, number, ((_fit_looks,), (fit_font_sizes,), (fit_paints,)))
                best = work.step(
                    best, number, ((fit_lengths, _fit_lengths_exactly), (_fit_lengths_coarsely,))
                )
                if best.likeness - before.likeness < ENOUGH:
                    break
        if measured and not stop():
            best = work.round_spaces(best)
        best = work.drop_idle(best, find_idle_declarations(best.bundle, bundle))
    except (RenderError, StackError):
        return bundle  # the next render reports what is wrong with it
    return best.bundle


def _fit_looks(aims: FitTargets, probed: Probed) -> Values:
    return {**fit_font_sizes(aims, probed), **fit_paints(aims, probed)}


def _fit_lengths_exactly(aims: FitTargets, probed: Probed) -> Values:
    return fit_lengths(aims, probed, scale=False)


def _fit_lengths_coarsely(aims: FitTargets, probed: Probed) -> Values:
    return fit_lengths(aims, probed, least=COARSE)


class _Work:
    """One fit: renders, compares and probes pages against the mockups."""

    def __init__(
        self, sights: tuple[PerceivedMockup, ...], renderer: Renderer, stack: Stack
    ) -> None:
        self.sights, self.renderer, self.stack = sights, renderer, stack
        self._last: tuple[Measured, int, FitTargets, Probed] | None = None

    def measure(self, bundle: Bundle) -> Measured:
        views = []
        shown = page(bundle, self.stack)
        for sight in self.sights:
            width, height = sight.window
            render = self.renderer.render(shown, width=width, height=height)
            views.append((render, compare(sight.mockup, sight.hints, render, heat=False)))
        return Measured(bundle, shown, tuple(views))

    def step(self, best: Measured, number: int, groups: Sequence[Sequence[Solve]]) -> Measured:
        """Return `best` with the changes of the first group that improves it, else `best` itself.

        Within a group the first solver is the one whose result reads best: another must be clearly better.
        """
        aims, probed = self.probe(best, number)
        tried: list[Values] = []
        for solvers in groups:
            chosen: Measured | None = None
            for solver in solvers:
                values = solver(aims, probed)
                if not values or values in tried:
                    continue
                tried.append(values)
                candidate = self.measure(set_knobs(best.bundle, values))
                needed = best.likeness + GAIN if chosen is None else chosen.likeness + ENOUGH
                if candidate.likeness >= needed:
                    chosen = candidate
            if chosen:
                return chosen
        return best

    def round_spaces(self, best: Measured) -> Measured:
        """Return it with as many spaces on the scale as that costs at most PRICE of likeness."""
        for reach in REACHES:
            values = round_to_space_scale(self.probe(best, 0)[1], reach)
            if not values:
                continue
            rounded = self.measure(set_knobs(best.bundle, values))
            if rounded.likeness >= best.likeness - PRICE:
                return rounded
        return best

    def drop_idle(self, best: Measured, idle: Sequence[Knob]) -> Measured:
        """Return it without the `idle` declarations, if no likeness is lost with them."""
        if not idle:
            return best
        leaner = self.measure(set_knobs(best.bundle, dict.fromkeys(idle)))
        return leaner if leaner.likeness >= best.likeness else best

    def probe(self, best: Measured, number: int) -> tuple[FitTargets, Probed]:
        """Return the errors of `best` at one mockup's width, and what each knob does there.

        The last answer is cached.
        """
        if self._last is None or self._last[0] is not best or self._last[1] != number:
            sight = self.sights[number]
            render, comparison = best.views[number]
            aims = collect_targets(comparison, sight.hints, render)
            width, height = sight.window
            earlier = [other.window[0] for other in self.sights[:number]]
            knobs = find_knobs_at(best.bundle, best.shown, self.stack, width, earlier)
            probed = probe_knobs(
                self.renderer, best.shown, knobs, aims.places, width=width, height=height
            )
            self._last = best, number, aims, probed
        return self._last[2:]
