"""Equal styles for twins: siblings built of the same tags whose styles are nearly equal.

A perceived page gives the third card's title another weight, or half a pixel more, where its author
gave all three one class. It is applied to trees that a model labelled, and kept only if the page
still looks right.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from statistics import median

from studio.pipeline.codegen.element import Element, Value

DEPTH = 2  # levels of tags that twins share
STEP = 4.0  # px of the scale of spaces
# Px by which twins' numbers may differ, at a share of 2 px.
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
USUAL = 0.5  # share of the twins; a value that more of them have is given to all


def make_alike(root: Element, share: float, size: float) -> None:
    """Give twins equal styles.

    `share` in px scales how far apart twins may be; `size` is the page's usual font size.
    """
    for parent in root.walk():
        for twins in _find_twins(parent):
            is_column = parent.style.get("display") not in ("flex", "grid") and parent.tag != "tr"
            descendants = [list(_collect_descendants(twin)) for twin in twins]
            for place, column in enumerate(zip(*descendants, strict=True)):
                is_first = is_column and place == 0 and column[0] is parent.children[0]
                _unify_styles(column, share / 2, size, first=is_first)


def _find_twins(parent: Element) -> list[list[Element]]:
    groups: dict[str, list[Element]] = defaultdict(list)
    for child in parent.children:
        if isinstance(child, Element):
            groups[_get_shape(child, DEPTH)].append(child)
    return [group for group in groups.values() if len(group) > 1]


def _get_shape(element: Element, depth: int) -> str:
    inside = []
    if depth:
        for child in element.children:
            if isinstance(child, Element):
                inside.append(_get_shape(child, depth - 1))
    return f"{element.tag}({','.join(inside)})"


def _collect_descendants(element: Element, depth: int = DEPTH) -> Iterator[Element]:
    yield element
    if depth:
        for child in element.children:
            if isinstance(child, Element):
                yield from _collect_descendants(child, depth - 1)


def _unify_styles(column: Sequence[Element], share: float, size: float, *, first: bool) -> None:
    """Give the elements equal styles where these nearly agree.

    `first`: nothing is above the first of them, so it keeps its own margin.
    """
    names = Counter(element.name for element in column)
    for element in column:
        element.name = names.most_common(1)[0][0]
    for key in WORDS:
        words = Counter(_find_common_word(element, key) for element in column)
        value, count = words.most_common(1)[0]
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
    """Return True if it is a length wherever it is set, and has a known default elsewhere."""
    values = [element.style[key] for element in column if key in element.style]
    has_default = key.startswith(("padding", "margin", "font-size", "letter-spacing"))
    is_known = len(values) == len(column) or has_default
    return bool(values) and is_known and not any(isinstance(value, str) for value in values)


def _parse_length(element: Element, key: str, size: float) -> float:
    value = element.style.get(key, size if key == "font-size" else 0.0)
    return 0.0 if isinstance(value, str) else float(value)


def _find_common_length(key: str, values: Sequence[float], size: float) -> float | None:
    """Return the value that all of them get; None if it is the default."""
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
