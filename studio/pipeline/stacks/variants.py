"""Media queries and states as Tailwind's variants: '(max-width: 800px)' is 'max-[800px]:'."""

from __future__ import annotations

import re

from studio.pipeline.stacks.theme import parse_px

BREAKPOINTS = {640.0: "sm", 768.0: "md", 1024.0: "lg", 1280.0: "xl", 1536.0: "2xl"}
QUERIES = {
    "print": "print",
    "(prefers-reduced-motion: reduce)": "motion-reduce",
    "(prefers-reduced-motion: no-preference)": "motion-safe",
    "(prefers-color-scheme: dark)": "dark",
    "(orientation: landscape)": "landscape",
    "(orientation: portrait)": "portrait",
    "(hover: hover)": "[@media(hover:hover)]",
}


def write_variant_prefix(variant: tuple[str, ...]) -> str:
    """What stands before a utility: 'max-[800px]:hover:'."""
    return "".join(f"{part}:" for one in variant for part in _split_query(one))


def _split_query(one: str) -> list[str]:
    if "(" not in one and one not in QUERIES:
        return [one]  # a state: Tailwind calls them as CSS does
    query = re.sub(r"^(?:only\s+)?(?:screen|all)\s+and\s+", "", one)
    if query in QUERIES:
        return [QUERIES[query]]
    parts = []
    for condition in re.split(r"\s+and\s+", query):
        found = re.fullmatch(r"\((min|max)-width:\s*([\d.]+(?:px|rem|em))\)", condition)
        if not found:
            return [f"[@media_{query.replace(' ', '_')}]"]
        parts.append(_write_width_variant(found[1], found[2]))
    return parts


def _write_width_variant(side: str, value: str) -> str:
    size = parse_px(
        value.replace("em", "rem") if value.endswith("em") and not value.endswith("rem") else value
    )
    if side == "min":
        return BREAKPOINTS.get(size or 0.0) or f"min-[{value}]"
    if size is None:
        return f"max-[{value}]"
    # '(max-width: 767px)' holds up to 767, `max-md` below 768: the same, for windows have whole
    # widths.
    above = int(size) + 1.0
    return f"max-{BREAKPOINTS[above]}" if above in BREAKPOINTS else f"max-[{above:g}px]"
