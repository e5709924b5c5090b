"""Media queries and states as Tailwind's variants: '(max-width: 800px)' is 'max-[800px]:'."""

from __future__ import annotations

import re
from collections.abc import Mapping

from studio.pipeline.stacks.theme import BREAKPOINTS, parse_px

QUERIES = {
    "print": "print",
    "(prefers-reduced-motion: reduce)": "motion-reduce",
    "(prefers-reduced-motion: no-preference)": "motion-safe",
    "(prefers-color-scheme: dark)": "dark",
    "(orientation: landscape)": "landscape",
    "(orientation: portrait)": "portrait",
    "(hover: hover)": "[@media(hover:hover)]",
}


def write_variant_prefix(
    variant: tuple[str, ...], breakpoints: Mapping[float, str] = BREAKPOINTS
) -> str:
    """Return what precedes a utility, such as 'max-[800px]:hover:'.

    `breakpoints` are the theme's names for widths in px.
    """
    parts = [part for condition in variant for part in _split_query(condition, breakpoints)]
    return "".join(f"{part}:" for part in parts)


def _split_query(condition_or_state: str, breakpoints: Mapping[float, str]) -> list[str]:
    if "(" not in condition_or_state and condition_or_state not in QUERIES:
        return [condition_or_state]  # a state, which Tailwind names as CSS does
    query = re.sub(r"^(?:only\s+)?(?:screen|all)\s+and\s+", "", condition_or_state)
    if query in QUERIES:
        return [QUERIES[query]]
    parts = []
    for condition in re.split(r"\s+and\s+", query):
        match = re.fullmatch(r"\((min|max)-width:\s*([\d.]+(?:px|rem|em))\)", condition)
        if not match:
            return [f"[@media_{query.replace(' ', '_')}]"]
        parts.append(_write_width_variant(match[1], match[2], breakpoints))
    return parts


def _write_width_variant(side: str, value: str, breakpoints: Mapping[float, str]) -> str:
    if value.endswith("em") and not value.endswith("rem"):
        size = parse_px(value.replace("em", "rem"))
    else:
        size = parse_px(value)
    if side == "min":
        return breakpoints.get(size or 0.0) or f"min-[{value}]"
    if size is None:
        return f"max-[{value}]"
    # '(max-width: 767px)' applies up to 767 and `max-md` below 768. They are equivalent because
    # windows have whole widths.
    above = int(size) + 1.0
    return f"max-{breakpoints[above]}" if above in breakpoints else f"max-[{above:g}px]"
