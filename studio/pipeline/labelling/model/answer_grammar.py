"""The answer as a regular language.

For each node that can be several kinds it repeats the node's characters and then names its kind. The
repeated characters are forced and so cost no choice. With them right before its label a small model
learns in minutes; when it had to find them by the node's number it did not in half an hour.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from studio.pipeline.labelling.model.alphabet import FACTS, KINDS, SAID
from studio.pipeline.labelling.model.question import describe_steps
from studio.pipeline.labelling.model.steps import WalkStep
from studio.pipeline.labelling.rules.text_facts import PageFacts


def build_answer_pattern(steps: Sequence[WalkStep], facts: PageFacts) -> str:
    """Return a regular expression of all answers to these steps."""
    return "".join(map(_build_step_pattern, describe_steps(steps, facts), steps))


def _build_step_pattern(about: str, step: WalkStep) -> str:
    if len(step.kinds) == 1:
        return ""
    return f"{about}[{''.join(SAID(KINDS.index(kind)) for kind in step.kinds)}]"


def write_answer(steps: Sequence[WalkStep], said: Sequence[str], facts: PageFacts) -> str:
    """Return the answer that gives the kinds `said`; the inverse of `read_answer`."""
    rows = zip(describe_steps(steps, facts), steps, said, strict=True)
    return "".join(
        about + SAID(KINDS.index(kind)) for about, step, kind in rows if len(step.kinds) > 1
    )


def read_answer(steps: Sequence[WalkStep], text: str, facts: PageFacts) -> list[str]:
    """Return the kind of each step that an answer gives.

    Raises ValueError for an answer that does not follow the grammar, such as one that was cut off.
    """
    if not re.fullmatch(build_answer_pattern(steps, facts), text):
        raise ValueError(
            f"The answer has {len(text)} characters and does not follow the walk's grammar."
        )
    kinds = (KINDS[(SAID.values(character) or (0,))[0]] for character in text[FACTS :: FACTS + 1])
    return [next(kinds) if len(step.kinds) > 1 else step.kinds[0] for step in steps]
