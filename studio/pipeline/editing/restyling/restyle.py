"""Change a page as a few words ask (`requests`), without a model; its code stays a person's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from studio.pipeline.bundle import Bundle
from studio.pipeline.editing.restyling.colors import in_theme, with_accent
from studio.pipeline.editing.restyling.parts import left_out
from studio.pipeline.editing.restyling.requests import Steering
from studio.pipeline.editing.restyling.spaces import spaced


@dataclass(frozen=True, slots=True)
class Steered:
    """`vain`: a sentence for each wish that had nothing to change."""

    bundle: Bundle
    vain: tuple[str, ...]


def steered(bundle: Bundle, wishes: Steering) -> Steered:
    """The HTML + CSS page as wished."""
    steps: list[tuple[Callable[[Bundle, Any], Bundle], Any, str]] = [
        *((left_out, part, f"The page has no {part}.") for part in sorted(wishes.without)),
        (with_accent, wishes.accent, "The page has no accent colour."),
        (in_theme, wishes.theme, f"The page is {wishes.theme} already."),
        (spaced, wishes.density, "The page has no spaces of its own."),
    ]
    vain = []
    for step, wish, sentence in steps:
        if wish in ("", 1.0):
            continue
        changed = step(bundle, wish)
        if changed is bundle:
            vain.append(sentence)
        bundle = changed
    return Steered(bundle, tuple(vain))
