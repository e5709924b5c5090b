"""The fit of code: measure, ask what each number does, turn the few that explain the errors, keep
what is better.

Works on a page of any stack, a model's or the draft's; edits the values in its own rules, tokens
and utilities and nothing else, so the code reads as before.
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
from studio.pipeline.stacks import Stack, StackError, page
from studio.pipeline.types import Comparison, Render, RenderError

GAIN = 0.0001  # likeness; what gains less is not worth another number in the code
ENOUGH = 0.002  # a cycle that gains less is the last
COARSE = 3.0  # px; where all changes together do harm, the large ones alone may still help
CYCLES = 4  # of looks and spaces: what a number does is known for small changes only

REACHES = (2.0, 1.0, 0.5)  # px a space may go to stand on the scale, where that costs at most:
PRICE = 0.001  # likeness

Values = dict[Knob, float | str]
Solve = Callable[[FitTargets, Probed], Values]


@dataclass(frozen=True, slots=True)
class Measured:
    bundle: Bundle
    shown: Bundle  # the page that its stack makes of it
    seen: tuple[tuple[Render, Comparison], ...]  # one for each sight

    @property
    def likeness(self) -> float:
        return sum(comparison.likeness for _, comparison in self.seen) / len(self.seen)


def fit_code(
    bundle: Bundle,
    sights: Sequence[PerceivedMockup],
    renderer: Renderer,
    *,
    measured: bool = False,
    stop: Callable[[], bool] = lambda: False,
    stack: Stack = "html-css",
) -> Bundle:
    """The page with better numbers, or as it was; once `stop` says so, as far as it came.

    `stack`: what its sources are written in; they are edited, and the page that is made of them is
    looked at. `measured`: its numbers were read off the mockup (a draft's), so nobody misses those
    that go onto the scale.

    At the first sight's width every number may change, at further ones only those of their own
    media queries.
    """
    work = _Work(tuple(sights), renderer, stack)
    try:
        best = work.measured(bundle)
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
            best = work.settle(best)
        best = work.lean(best, find_idle_declarations(best.bundle, bundle))
    except (RenderError, StackError):
        return bundle  # whoever renders it next says what is wrong with it
    return best.bundle


def _fit_looks(aims: FitTargets, probed: Probed) -> Values:
    return {**fit_font_sizes(aims, probed), **fit_paints(aims, probed)}


def _fit_lengths_exactly(aims: FitTargets, probed: Probed) -> Values:
    return fit_lengths(aims, probed, scale=False)


def _fit_lengths_coarsely(aims: FitTargets, probed: Probed) -> Values:
    return fit_lengths(aims, probed, least=COARSE)


class _Work:
    def __init__(
        self, sights: tuple[PerceivedMockup, ...], renderer: Renderer, stack: Stack
    ) -> None:
        self.sights, self.renderer, self.stack = sights, renderer, stack
        self._last: tuple[Measured, int, FitTargets, Probed] | None = None

    def measured(self, bundle: Bundle) -> Measured:
        seen, shown = [], page(bundle, self.stack)
        for sight in self.sights:
            width, height = sight.window
            render = self.renderer.render(shown, width=width, height=height)
            seen.append((render, compare(sight.mockup, sight.hints, render, heat=False)))
        return Measured(bundle, shown, tuple(seen))

    def step(self, best: Measured, number: int, groups: Sequence[Sequence[Solve]]) -> Measured:
        """`best` with the changes of the first group of which any makes it better; `best` itself
        where none does.

        Within a group the first way is the one a person would choose: another must be clearly
        better.
        """
        aims, probed = self.asked(best, number)
        tried: list[Values] = []
        for ways in groups:
            chosen: Measured | None = None
            for way in ways:
                values = way(aims, probed)
                if not values or values in tried:
                    continue
                tried.append(values)
                found = self.measured(set_knobs(best.bundle, values))
                needed = best.likeness + GAIN if chosen is None else chosen.likeness + ENOUGH
                chosen = found if found.likeness >= needed else chosen
            if chosen:
                return chosen
        return best

    def settle(self, best: Measured) -> Measured:
        """With as many spaces on the scale as go there without costing likeness."""
        for reach in REACHES:
            values = round_to_space_scale(self.asked(best, 0)[1], reach)
            if (
                values
                and (found := self.measured(set_knobs(best.bundle, values))).likeness
                >= best.likeness - PRICE
            ):
                return found
        return best

    def lean(self, best: Measured, idle: Sequence[Knob]) -> Measured:
        """Without what says nothing, where nothing is lost with them."""
        if (
            idle
            and (found := self.measured(set_knobs(best.bundle, dict.fromkeys(idle)))).likeness
            >= best.likeness
        ):
            return found
        return best

    def asked(self, best: Measured, number: int) -> tuple[FitTargets, Probed]:
        """What is wrong with `best` at one sight's width, and what each knob does there; asked
        once.
        """
        if self._last is None or self._last[0] is not best or self._last[1] != number:
            sight, (render, comparison) = self.sights[number], best.seen[number]
            aims = collect_targets(comparison, sight.hints, render)
            width, height = sight.window
            earlier = [one.window[0] for one in self.sights[:number]]
            knobs = find_knobs_at(best.bundle, best.shown, self.stack, width, earlier)
            probed = probe_knobs(
                self.renderer, best.shown, knobs, aims.places, width=width, height=height
            )
            self._last = best, number, aims, probed
        return self._last[2:]
