"""The answer, a regular language: of each node its number, what it is where there is a choice, the space above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from inference.task.walk.alphabet import ID, KINDS, MEASURED, SAID, SPACE
from inference.task.walk.steps import Step

STEP = 4.0  # px: the scale of spaces


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one node; `space` in px, None: as measured."""

    kind: str
    space: float | None = None


def answer_pattern(steps: Sequence[Step]) -> str:
    """A regular expression of all answers to these steps."""
    return "".join(_pattern(i, step) for i, step in enumerate(steps))


def _pattern(number: int, step: Step) -> str:
    kinds = "".join(SAID(KINDS.index(kind)) for kind in step.kinds)
    kind = f"[{kinds}]" if len(step.kinds) > 1 else ""
    return ID(number) + kind + (f"[{SPACE.characters()}]" if step.spaced else "")


def write_answer(steps: Sequence[Step], said: Sequence[Said]) -> str:
    """The answer that says `said`; the inverse of `read_answer`."""
    out = []
    for number, (step, what) in enumerate(zip(steps, said, strict=True)):
        kind = SAID(KINDS.index(what.kind)) if len(step.kinds) > 1 else ""
        value = MEASURED if what.space is None else round(what.space / STEP)
        out.append(ID(number) + kind + (SPACE(value) if step.spaced else ""))
    return "".join(out)


def read_answer(steps: Sequence[Step], text: str) -> list[Said]:
    """What an answer says of each step. Raises ValueError for what is none; an answer that broke off says less."""
    if not re.fullmatch(answer_pattern(steps), text):
        raise ValueError(f"The answer has {len(text)} characters and does not follow the walk's grammar.")
    rest = iter(text)
    said = []
    for step in steps:
        next(rest)
        kind = KINDS[SAID.value(next(rest)) or 0] if len(step.kinds) > 1 else step.kinds[0]
        value = SPACE.value(next(rest)) if step.spaced else MEASURED
        said.append(Said(kind, None if value is None or value == MEASURED else STEP * value))
    return said
