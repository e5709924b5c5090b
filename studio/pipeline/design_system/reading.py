"""A design system read from what a team gives: one text of tokens, and components."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, get_args

from studio.pipeline.design_system.css_tokens import read_css_tokens
from studio.pipeline.design_system.model import (
    LONGEST_EXAMPLE,
    LONGEST_STYLE,
    MOST_CHARACTERS,
    MOST_COMPONENTS,
    NAME,
    DesignComponent,
    DesignSystem,
    DesignSystemError,
)
from studio.pipeline.design_system.tailwind_config import read_tailwind_config
from studio.pipeline.design_system.token_sorting import sort_tokens
from studio.pipeline.design_system.w3c_tokens import read_w3c_tokens
from studio.pipeline.isolation.confined import ConfinedFunction, LimitHit, Limits

Format = Literal["css", "tailwind", "w3c"]
FORMATS: tuple[Format, ...] = get_args(Format)
READERS: Mapping[Format, Callable[[str], dict[str, str]]] = {
    "css": read_css_tokens,
    "tailwind": read_tailwind_config,
    "w3c": read_w3c_tokens,
}
# 170,000 characters with 600 colors take 0.3 s and 60 MB.
LIMITS = Limits(megabytes=400, seconds=15.0, wait=30.0)


def detect_format(text: str) -> Format:
    """Return the format of the text by how it begins."""
    if text.lstrip().startswith("{"):
        return "w3c"
    is_config = re.search(r"\b(?:module\.exports|export\s+default|satisfies\s+Config)\b", text)
    return "tailwind" if is_config else "css"


def read_tokens(text: str) -> DesignSystem:
    """Return the tokens; raises DesignSystemError. Called in a confined process."""
    if len(text) > MOST_CHARACTERS:
        raise DesignSystemError(
            f"The tokens have {len(text)} characters; at most {MOST_CHARACTERS} are allowed."
        )
    try:
        values = READERS[detect_format(text)](text)
    except RecursionError:
        raise DesignSystemError("The tokens are nested too deeply.") from None
    system = sort_tokens(values)
    if text.strip() and system.is_empty:
        raise DesignSystemError(
            "No tokens were found: give CSS custom properties, a Tailwind configuration with a "
            "theme, or W3C design tokens."
        )
    return system


read_confined = ConfinedFunction(f"{__name__}:read_tokens", LIMITS, errors=(DesignSystemError,))


def read_design_system(text: str, components: Sequence[DesignComponent] = ()) -> DesignSystem:
    """Return the design system; raises DesignSystemError."""
    check_components(components)
    try:
        system: DesignSystem = read_confined(text)
    except LimitHit:
        raise DesignSystemError("The tokens take too long to read: give fewer.") from None
    return replace(system, components=tuple(components))


def check_components(components: Sequence[DesignComponent]) -> None:
    if len(components) > MOST_COMPONENTS:
        raise DesignSystemError(
            f"There are {len(components)} components; at most {MOST_COMPONENTS} are allowed."
        )
    names = [component.name for component in components]
    for component in components:
        if not NAME.match(component.name):
            raise DesignSystemError(
                f"{component.name[:60]!r} cannot name a component: use lower-case letters, digits "
                "and dashes, at most 60."
            )
        if names.count(component.name) > 1:
            raise DesignSystemError(f"Two components are named {component.name!r}.")
        if not component.html.strip() or len(component.html) > LONGEST_EXAMPLE:
            raise DesignSystemError(
                f"The example of {component.name!r} has to have 1 to {LONGEST_EXAMPLE} characters."
            )
        if len(component.css) > LONGEST_STYLE:
            raise DesignSystemError(
                f"The style of {component.name!r} has more than {LONGEST_STYLE} characters."
            )
