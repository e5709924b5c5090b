"""What an attempt is worth: rendered at every mockup's width, compared with it, and its code read.

Without a mockup the code alone is judged. Knows no model and no round; a page that breaks costs its
own attempt only.
"""

from __future__ import annotations

from dataclasses import replace

from studio.pipeline.bundle import Bundle
from studio.pipeline.loop.attempts import AttemptResult, View
from studio.pipeline.loop.watch import RunWatch
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.compare import compare
from studio.pipeline.scoring.likeness.perceived_mockup import PerceivedMockup
from studio.pipeline.scoring.quality.measure import measure_quality
from studio.pipeline.stacks.sources import make_measured_page
from studio.pipeline.types import Comparison, Render, RenderError

USUAL = (1280, 800)  # px; the window of a page without a mockup


class Judge:
    def __init__(
        self,
        sights: tuple[PerceivedMockup, ...],
        renderer: Renderer,
        watch: RunWatch,
        stack: str = "html-css",
    ) -> None:
        self.sights, self.renderer, self.watch, self.stack = sights, renderer, watch, stack

    def judged(self, attempt: AttemptResult, timings: dict[str, float]) -> AttemptResult:
        """The attempt with its measures, or with the reason why there are none."""
        try:
            with self.watch.step("rendering", timings):
                renders = self.renders(attempt.bundle)
            if self.sights:
                with self.watch.step("comparing", timings):
                    attempt = self._compared(attempt, renders)
            with self.watch.step("reading", timings):
                return replace(
                    attempt,
                    render=renders[0],
                    keep=measure_quality(
                        self.renderer, make_measured_page(attempt.bundle, self.stack)
                    ),
                )
        except RenderError as error:
            return replace(attempt, error=str(error))

    def compare_first(self, bundle: Bundle) -> Comparison:
        """Compare at the first width alone; raises RenderError."""
        sight = self.sights[0]
        return compare(sight.mockup, sight.hints, self.render(bundle, *sight.window), heat=False)

    def renders(self, bundle: Bundle) -> list[Render]:
        windows = [sight.window for sight in self.sights] or [USUAL]
        return [self.render(bundle, *window) for window in windows]

    def render(self, bundle: Bundle, width: int, height: int) -> Render:
        self.watch.stop_if_cancelled()
        return self.renderer.render(
            make_measured_page(bundle, self.stack), width=width, height=height
        )

    def _compared(self, attempt: AttemptResult, renders: list[Render]) -> AttemptResult:
        found = [
            compare(s.mockup, s.hints, render)
            for s, render in zip(self.sights, renders, strict=True)
        ]
        views = tuple(
            View(sight.hints.width, render, comparison)
            for sight, render, comparison in zip(
                self.sights[1:], renders[1:], found[1:], strict=True
            )
        )
        return replace(attempt, render=renders[0], comparison=found[0], views=views)
