"""The answer, a regular language: for each node that can be several things its characters once
more, and what it is.

The facts are forced and so cost no choice; a small model that has them right before its label
learns in minutes what it did not in half an hour when it had to look them up by the node's number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from studio.pipeline.labelling.model.alphabet import FACTS, KINDS, SAID
from studio.pipeline.labelling.model.question import describe_steps
from studio.pipeline.labelling.model.steps import WalkStep
from studio.pipeline.labelling.rules.text_facts import PageFacts


def build_answer_pattern(steps: Sequence[WalkStep], facts: PageFacts) -> str:
    """A regular expression of all answers to these steps."""
    return "".join(map(_build_step_pattern, describe_steps(steps, facts), steps))


def _build_step_pattern(about: str, step: WalkStep) -> str:
    if len(step.kinds) == 1:
        return ""
    return f"{about}[{''.join(SAID(KINDS.index(kind)) for kind in step.kinds)}]"


def write_answer(steps: Sequence[WalkStep], said: Sequence[str], facts: PageFacts) -> str:
    """The answer that says `said`; the inverse of `read_answer`."""
    rows = zip(describe_steps(steps, facts), steps, said, strict=True)
    return "".join(
        about + SAID(KINDS.index(kind)) for about, step, kind in rows if len(step.kinds) > 1
    )


def read_answer(steps: Sequence[WalkStep], text: str, facts: PageFacts) -> list[str]:
    """What an answer says that each step is. Raises ValueError for what is none; an answer that
    broke off says less.
    """
    if not re.fullmatch(build_answer_pattern(steps, facts), text):
        raise ValueError(
            f"The answer has {len(text)} characters and does not follow the walk's grammar."
        )
    told = (KINDS[(SAID.values(character) or (0,))[0]] for character in text[FACTS :: FACTS + 1])
    return [next(told) if len(step.kinds) > 1 else step.kinds[0] for step in steps]
