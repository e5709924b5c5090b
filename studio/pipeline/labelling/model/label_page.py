"""Labelling of a whole page by a walk model: its questions, and the labelled draft."""

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

CERTAIN = 0.0  # temperature at which the most likely label is chosen


def label_with_model(
    draft: Draft,
    client: ModelClient,
    picture: Image.Image,
    scale: float = 1.0,
    *,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Chunk | Usage | Draft]:
    """Yield chunks of the answers, the usage of each, and last the labelled draft.

    The draft is not yet expanded. `picture` is the mockup that was drafted, RGB, with `scale` of its px to
    a CSS px. A cancelled walk ends without a draft. Raises ModelError.
    """
    facts = collect_page_facts(draft.tree)
    kinds: dict[int, str] = {}
    for steps in list_steps(draft.tree):
        pattern = build_answer_pattern(steps, facts)
        if not pattern:
            continue
        pictures = cut_box_pictures(steps, picture, scale)
        message = Message("user", build_question_parts(steps, facts, pictures))
        max_tokens = (FACTS + 1) * len(steps) + 1
        request = ModelRequest(
            (message,), max_tokens=max_tokens, temperature=CERTAIN, pattern=pattern
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
            kinds |= {
                step.node.id: kind
                for step, kind in zip(steps, read_answer(steps, answer, facts), strict=True)
            }
        except ValueError as error:
            raise ModelError(f"{client.name}: {error}") from None
    yield replace(draft, tree=apply_labels(draft.tree, kinds, facts))
