"""Restyling of a page by instructions (`requests`), without a model; the code stays readable."""

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
    """A restyled page; `unmet` has a sentence for each request that had nothing to change."""

    bundle: Bundle
    unmet: tuple[str, ...]


def restyle(bundle: Bundle, requests: RestyleRequests) -> RestyledPage:
    """Return the HTML + CSS page with the requested changes."""
    steps: list[tuple[Callable[[Bundle, Any], Bundle], Any, str]] = [
        *((remove_part, part, f"The page has no {part}.") for part in sorted(requests.without)),
        (set_accent, requests.accent, "The page has no accent colour."),
        (set_theme, requests.theme, f"The page is {requests.theme} already."),
        (scale_spaces, requests.density, "The page's code sets no spaces."),
    ]
    unmet = []
    for step, value, sentence in steps:
        if value in ("", 1.0):
            continue
        changed = step(bundle, value)
        if changed is bundle:
            unmet.append(sentence)
        bundle = changed
    return RestyledPage(bundle, tuple(unmet))
