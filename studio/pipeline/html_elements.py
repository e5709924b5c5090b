"""Facts about HTML elements that several stages need."""

from __future__ import annotations

# HTML Living Standard, 13.1.2: elements that never have an end tag. `param` is obsolete but parsed
# the same way.
VOID_ELEMENTS = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    )
)
# Their end tag may be left out: nothing is missing where they are open when their parent ends.
OPTIONAL_END_TAGS = frozenset(
    ("html", "head", "body", "p", "li", "dt", "dd", "option", "optgroup", "rt", "rp", "colgroup")
) | frozenset(("thead", "tbody", "tfoot", "tr", "td", "th"))
