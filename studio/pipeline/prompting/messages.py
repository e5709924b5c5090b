"""The messages of each round; the opening stays the same, so a server's prefix cache applies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from inference.types import Message
from studio.pipeline.bundle import Bundle
from studio.pipeline.loop.attempts import AttemptResult
from studio.pipeline.outline.stored import OUTLINE_FILE
from studio.pipeline.prompting.difference_crops import crop_worst_places
from studio.pipeline.prompting.mockup_pictures import cut_into_pictures
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
    """Builds the messages of one run.

    `wished` is the version that the prompt asks to change; None if the prompt goes with the mockup.
    """

    sights: tuple[PerceivedMockup, ...]
    prompt: str
    wished: Bundle | None = None
    stack: str = "html-css"
    opening: tuple[Message, ...] = field(default=(), init=False)

    def open(self, draft: Bundle | None) -> tuple[Message, ...]:
        """Return the beginning of every round, built once."""
        if not self.opening:
            self.opening = self._opening(draft)
        return self.opening

    def first(self, draft: Bundle | None) -> tuple[Message, ...]:
        """Return the messages of the first round."""
        opening = self.open(draft)
        if not self.wished:
            return opening
        return build_follow_up_messages(opening, self.select_files(self.wished), self.prompt)

    def again(self, best: AttemptResult, failures: Sequence[str] = ()) -> tuple[Message, ...]:
        """Return the messages of a later round.

        They hold the best attempt (never a worse one) and what is wrong with it, in words and in pictures of
        the worst places.
        """
        crops = crop_worst_places(self.sights[0], best) if self.sights else []
        return build_refine_messages(
            self.open(None),
            self.select_files(best.bundle),
            list_differences(best),
            best.likeness,
            crops=crops,
            failures=failures,
        )

    def _opening(self, draft: Bundle | None) -> tuple[Message, ...]:
        if not self.sights:
            parts = self.select_files(draft) if draft else None
            return build_text_messages("" if self.wished else self.prompt, self.stack, parts)
        first = self.sights[0]
        pictures = cut_into_pictures(first.shrink(), first.hints.sections)
        if self.wished:
            return build_first_messages(
                pictures, first.hints, prompt="", draft=None, stack=self.stack
            )
        shown = self.select_files(draft) if draft else None
        return build_first_messages(
            pictures, first.hints, prompt=self.prompt, draft=shown, stack=self.stack
        )

    def select_files(self, bundle: Bundle) -> Bundle:
        """Return the page in the stack that the model writes.

        Its outline is left out: it says nothing of what a model changes.
        """
        files = {path: text for path, text in bundle.files.items() if path != OUTLINE_FILE}
        return select_model_files(Bundle(files, bundle.assets), self.stack)


def list_differences(attempt: AttemptResult) -> list[str]:
    """Return what differs, worst first, and then what is wrong with the code.

    Differences at further widths name the width.
    """
    words = []
    if attempt.comparison:
        words += [difference.words for difference in attempt.comparison.differences]
    for view in attempt.views:
        words += [
            f"at {view.width} px wide: {difference.words}"
            for difference in view.comparison.differences
        ]
    faults = describe_faults(attempt.keep)
    return [*words[: MOST_DIFFERENCES - len(faults)], *faults]
