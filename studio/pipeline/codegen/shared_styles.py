"""What repeats is written once: twins, siblings built of the same tags, get one style where they
nearly had it.

A perceived page gives the third card's title another weight, or half a pixel more; its author gave
all three one class. Used on a tree that was walked, and kept only as far as the page goes on
looking right.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from statistics import median

from studio.pipeline.codegen.element import Element, Value

DEPTH = 2  # of the tags that twins share
STEP = 4.0  # px: the scale of spaces
# px that twins' numbers may be apart, at a share of 2 px.
SLACK = {
    "font-size": 1.6,
    "line-height": 4.0,
    "letter-spacing": 1.0,
    "padding": 6.0,
    "margin": 6.0,
    "gap": 6.0,
    "height": 8.0,
    "width": 8.0,
    "max-width": 24.0,
    "text-indent": 2.0,
    "border-radius": 3.0,
}
WORDS = (
    "font-weight",
    "font-family",
    "font-style",
    "vertical-align",
    "text-decoration",
    "margin-inline",
    "white-space",
)
USUAL = 0.5  # of the twins: what more of them have is what all were meant to have


def make_alike(root: Element, share: float, size: float) -> None:
    """`share` in px scales how far apart twins may be; `size`: the page's usual font size."""
    for parent in root.walk():
        for twins in _find_twins(parent):
            leads = parent.style.get("display") not in ("flex", "grid") and parent.tag != "tr"
            for place, column in enumerate(
                zip(*(list(_collect_descendants(e)) for e in twins), strict=True)
            ):
                _unify_styles(
                    column,
                    share / 2,
                    size,
                    first=leads and place == 0 and column[0] is parent.children[0],
                )


def _find_twins(parent: Element) -> list[list[Element]]:
    groups: dict[str, list[Element]] = defaultdict(list)
    for child in parent.children:
        if isinstance(child, Element):
            groups[_get_shape(child, DEPTH)].append(child)
    return [group for group in groups.values() if len(group) > 1]


def _get_shape(element: Element, depth: int) -> str:
    inside = (
        ",".join(_get_shape(c, depth - 1) for c in element.children if isinstance(c, Element))
        if depth
        else ""
    )
    return f"{element.tag}({inside})"


def _collect_descendants(element: Element, depth: int = DEPTH) -> Iterator[Element]:
    yield element
    if depth:
        for child in element.children:
            if isinstance(child, Element):
                yield from _collect_descendants(child, depth - 1)


def _unify_styles(column: Sequence[Element], share: float, size: float, *, first: bool) -> None:
    """`first`: the first of them has nothing above it, and so keeps a margin of its own."""
    names = Counter(element.name for element in column)
    for element in column:
        element.name = names.most_common(1)[0][0]
    for key in WORDS:
        value, count = Counter(_find_common_word(element, key) for element in column).most_common(
            1
        )[0]
        if count > USUAL * len(column) and not _is_known_length(column, key):
            _set_style(column, key, value)
    for key in sorted(set().union(*(element.style for element in column))):
        slack = next((px for start, px in SLACK.items() if key.startswith(start)), 0.0) * share
        members = column[1:] if first and key == "margin-top" else column
        if slack and _is_known_length(members, key):
            values = [_parse_length(element, key, size) for element in members]
            if 0 < max(values) - min(values) <= slack:
                _set_style(members, key, _find_common_length(key, values, size))


def _find_common_word(element: Element, key: str) -> str | None:
    value = element.style.get(key)
    return value if isinstance(value, str) else None


def _is_known_length(column: Sequence[Element], key: str) -> bool:
    """Whether it is a length wherever it is given, and one that is known where it is not."""
    given = [element.style[key] for element in column if key in element.style]
    known = len(given) == len(column) or key.startswith(
        ("padding", "margin", "font-size", "letter-spacing")
    )
    return bool(given) and known and not any(isinstance(value, str) for value in given)


def _parse_length(element: Element, key: str, size: float) -> float:
    value = element.style.get(key, size if key == "font-size" else 0.0)
    return 0.0 if isinstance(value, str) else float(value)


def _find_common_length(key: str, values: Sequence[float], size: float) -> float | None:
    """What all of them get; None: nothing, as it goes without saying."""
    if key.startswith(("padding", "margin", "gap")):
        return STEP * round(median(values) / STEP) or None
    if key == "font-size":
        usual = Counter(values).most_common(1)[0][0]
        return None if usual == size else usual
    if key == "letter-spacing":
        return None if min(values) == 0 else round(median(values) * 2) / 2
    return Counter(values).most_common(1)[0][0]


def _set_style(column: Sequence[Element], key: str, value: Value | None) -> None:
    for element in column:
        if value is None:
            element.style.pop(key, None)
        else:
            element.style[key] = value
