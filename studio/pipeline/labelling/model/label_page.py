"""A whole page through a walk model: questions of the drafted tree, its answers put onto it, a
draft again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from PIL import Image

from inference.types import Chunk, Finished, Message, ModelClient, ModelError, ModelRequest, Usage
from studio.pipeline.codegen.draft import Draft
from studio.pipeline.labelling.model.alphabet import FACTS
from studio.pipeline.labelling.model.answer_grammar import build_answer_pattern, read_answer
from studio.pipeline.labelling.model.apply_answer import apply_labels
from studio.pipeline.labelling.model.box_pictures import build_question_parts, cut_box_pictures
from studio.pipeline.labelling.model.steps import list_steps
from studio.pipeline.labelling.rules.text_facts import collect_page_facts

CERTAIN = 0.0  # temperature: of two labels the likelier


def label_with_model(
    draft: Draft,
    client: ModelClient,
    picture: Image.Image,
    scale: float = 1.0,
    *,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Chunk | Usage | Draft]:
    """Chunks of the answers as they come, what each answer cost, and last the draft labelled anew,
    not yet expanded.

    `picture`: the mockup that was drafted, RGB, `scale` of its px to a CSS px. A cancelled walk
    ends without a draft. Raises ModelError.
    """
    facts = collect_page_facts(draft.tree)
    said: dict[int, str] = {}
    for steps in list_steps(draft.tree):
        most, pattern = (FACTS + 1) * len(steps) + 1, build_answer_pattern(steps, facts)
        if not pattern:
            continue
        message = Message(
            "user", build_question_parts(steps, facts, cut_box_pictures(steps, picture, scale))
        )
        request = ModelRequest((message,), max_tokens=most, temperature=CERTAIN, pattern=pattern)
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
            said |= {
                step.node.id: kind
                for step, kind in zip(steps, read_answer(steps, answer, facts), strict=True)
            }
        except ValueError as error:
            raise ModelError(f"{client.name}: {error}") from None
    yield replace(draft, tree=apply_labels(draft.tree, said, facts))
