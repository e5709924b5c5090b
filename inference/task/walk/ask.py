"""A whole page through a walk model: questions of the drafted tree, its answers put onto it, a draft again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from inference.task.draft import Draft
from inference.task.rules.facts import page_facts
from inference.task.walk.answer import Said, answer_pattern, read_answer
from inference.task.walk.apply import relabelled
from inference.task.walk.question import question
from inference.task.walk.steps import steps_of
from inference.types import Chunk, Finished, Message, ModelClient, ModelError, ModelRequest, TextPart, Usage

CERTAIN = 0.0  # temperature: of two labels the likelier


def walked(
    draft: Draft, client: ModelClient, *, cancelled: Callable[[], bool] = lambda: False
) -> Iterator[Chunk | Usage | Draft]:
    """Chunks of the answers as they come, what each answer cost, and last the draft labelled anew, not yet expanded.

    A cancelled walk ends without a draft. Raises ModelError.
    """
    facts = page_facts(draft.tree)
    said: dict[int, Said] = {}
    for steps in steps_of(draft.tree):
        message = Message("user", (TextPart(question(steps, facts)),))
        request = ModelRequest(
            (message,), max_tokens=3 * len(steps) + 1, temperature=CERTAIN, pattern=answer_pattern(steps)
        )
        answer = ""
        for item in client.stream(request, cancelled=cancelled):
            if isinstance(item, Finished):
                yield item.usage
                if item.reason == "cancelled":
                    return
            else:
                answer += item.text
                yield item
        try:
            said |= {step.node.id: what for step, what in zip(steps, read_answer(steps, answer), strict=True)}
        except ValueError as error:
            raise ModelError(f"{client.name}: {error}") from None
    yield replace(draft, tree=relabelled(draft.tree, said, facts))
