"""Change a page as a few words ask (`requests`), without a model; its code stays a person's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from studio.pipeline.bundle import Bundle
from studio.pipeline.editing.restyling.colors import set_accent, set_theme
from studio.pipeline.editing.restyling.parts import remove_part
from studio.pipeline.editing.restyling.requests import RestyleRequests
from studio.pipeline.editing.restyling.spaces import scale_spaces


@dataclass(frozen=True, slots=True)
class RestyledPage:
    """`vain`: a sentence for each wish that had nothing to change."""

    bundle: Bundle
    vain: tuple[str, ...]


def restyle(bundle: Bundle, wishes: RestyleRequests) -> RestyledPage:
    """The HTML + CSS page as wished."""
    steps: list[tuple[Callable[[Bundle, Any], Bundle], Any, str]] = [
        *((remove_part, part, f"The page has no {part}.") for part in sorted(wishes.without)),
        (set_accent, wishes.accent, "The page has no accent colour."),
        (set_theme, wishes.theme, f"The page is {wishes.theme} already."),
        (scale_spaces, wishes.density, "The page has no spaces of its own."),
    ]
    vain = []
    for step, wish, sentence in steps:
        if wish in ("", 1.0):
            continue
        changed = step(bundle, wish)
        if changed is bundle:
            vain.append(sentence)
        bundle = changed
    return RestyledPage(bundle, tuple(vain))
