"""What the model is told in each round: the opening stays the same, so that a server's prefix cache holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from inference.types import Message
from studio.pipeline.bundle import Bundle
from studio.pipeline.loop.attempts import AttemptResult
from studio.pipeline.prompting.difference_crops import worst_crops
from studio.pipeline.prompting.page_prompt import (
    MOST_DIFFERENCES,
    first_messages,
    refine_messages,
    text_messages,
    wish_messages,
)
from studio.pipeline.scoring.likeness.perceived_mockup import Sight
from studio.pipeline.scoring.quality.fault_sentences import fault_words
from studio.pipeline.stacks.sources import written_files


@dataclass
class Telling:
    """`wished`: the version that the prompt asks to change; None where the prompt goes with the mockup."""

    sights: tuple[Sight, ...]
    prompt: str
    wished: Bundle | None = None
    stack: str = "html-css"
    opening: tuple[Message, ...] = field(default=(), init=False)

    def open(self, draft: Bundle | None) -> tuple[Message, ...]:
        """The beginning of every round, made once."""
        if not self.opening:
            self.opening = self._opening(draft)
        return self.opening

    def first(self, draft: Bundle | None) -> tuple[Message, ...]:
        opening = self.open(draft)
        return wish_messages(opening, self.told(self.wished), self.prompt) if self.wished else opening

    def again(self, best: AttemptResult, failures: Sequence[str] = ()) -> tuple[Message, ...]:
        """The best attempt (never a worse one), what is wrong with it, in words and in pictures of the worst places."""
        crops = worst_crops(self.sights[0], best) if self.sights else []
        return refine_messages(
            self.open(None), self.told(best.bundle), _words(best), best.likeness, crops=crops, failures=failures
        )

    def _opening(self, draft: Bundle | None) -> tuple[Message, ...]:
        if not self.sights:
            return text_messages("" if self.wished else self.prompt, self.stack)
        first = self.sights[0]
        if self.wished:
            return first_messages(first.png(), first.hints, prompt="", draft=None, stack=self.stack)
        shown = self.told(draft) if draft else None
        return first_messages(first.png(), first.hints, prompt=self.prompt, draft=shown, stack=self.stack)

    def told(self, bundle: Bundle) -> Bundle:
        """The page in the stack that the model is to write."""
        return written_files(bundle, self.stack)


def _words(attempt: AttemptResult) -> list[str]:
    """What differs, worst first (at further widths with the width), and then what is wrong with the code."""
    words = [difference.words for difference in attempt.comparison.differences] if attempt.comparison else []
    for view in attempt.views:
        words += [f"at {view.width} px wide: {difference.words}" for difference in view.comparison.differences]
    faults = fault_words(attempt.keep)
    return [*words[: MOST_DIFFERENCES - len(faults)], *faults]
