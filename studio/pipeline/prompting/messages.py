"""What the model is told in each round: the opening stays the same, so that a server's prefix cache
holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from inference.types import Message
from studio.pipeline.bundle import Bundle
from studio.pipeline.loop.attempts import AttemptResult
from studio.pipeline.prompting.difference_crops import crop_worst_places
from studio.pipeline.prompting.page_prompt import (
    MOST_DIFFERENCES,
    build_first_messages,
    build_follow_up_messages,
    build_refine_messages,
    build_text_messages,
)
from studio.pipeline.scoring.likeness.perceived_mockup import PerceivedMockup
from studio.pipeline.scoring.quality.fault_sentences import describe_faults
from studio.pipeline.stacks.sources import select_model_files


@dataclass
class MessageBuilder:
    """`wished`: the version that the prompt asks to change; None where the prompt goes with the
    mockup.
    """

    sights: tuple[PerceivedMockup, ...]
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
        return (
            build_follow_up_messages(opening, self.told(self.wished), self.prompt)
            if self.wished
            else opening
        )

    def again(self, best: AttemptResult, failures: Sequence[str] = ()) -> tuple[Message, ...]:
        """The best attempt (never a worse one), what is wrong with it, in words and in pictures of
        the worst places.
        """
        crops = crop_worst_places(self.sights[0], best) if self.sights else []
        return build_refine_messages(
            self.open(None),
            self.told(best.bundle),
            _list_differences(best),
            best.likeness,
            crops=crops,
            failures=failures,
        )

    def _opening(self, draft: Bundle | None) -> tuple[Message, ...]:
        if not self.sights:
            return build_text_messages("" if self.wished else self.prompt, self.stack)
        first = self.sights[0]
        if self.wished:
            return build_first_messages(
                first.png(), first.hints, prompt="", draft=None, stack=self.stack
            )
        shown = self.told(draft) if draft else None
        return build_first_messages(
            first.png(), first.hints, prompt=self.prompt, draft=shown, stack=self.stack
        )

    def told(self, bundle: Bundle) -> Bundle:
        """The page in the stack that the model is to write."""
        return select_model_files(bundle, self.stack)


def _list_differences(attempt: AttemptResult) -> list[str]:
    """What differs, worst first (at further widths with the width), and then what is wrong with the
    code.
    """
    words = (
        [difference.words for difference in attempt.comparison.differences]
        if attempt.comparison
        else []
    )
    for view in attempt.views:
        words += [
            f"at {view.width} px wide: {difference.words}"
            for difference in view.comparison.differences
        ]
    faults = describe_faults(attempt.keep)
    return [*words[: MOST_DIFFERENCES - len(faults)], *faults]
