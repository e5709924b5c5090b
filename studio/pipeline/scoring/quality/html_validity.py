"""Violations of the HTML standard.

These are tags without a partner, duplicate attributes and misplaced elements. The source is read,
because a browser corrects all of it silently. It is not a full validator: it finds the faults that
people and models make.
"""

from __future__ import annotations

from collections import Counter

from studio.pipeline.html_elements import OPTIONAL_END_TAGS, VOID_ELEMENTS
from studio.pipeline.html_tokens import EndTag, OpenElements, StartTag, tokens

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Elements whose end tag is optional, so that they may be open when their parent ends.
BLOCKS = frozenset(
    (
        "address",
        "article",
        "aside",
        "blockquote",
        "details",
        "div",
        "dl",
        "fieldset",
        "figure",
        "footer",
        "form",
    )
) | frozenset(
    ("header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul", *HEADINGS)
)
# What a start tag ends, and the elements that keep it from doing so.
SIBLINGS = {
    "li": ({"li"}, {"ul", "ol", "menu"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
    "option": ({"option"}, {"select", "datalist", "optgroup"}),
    "tr": ({"tr", "td", "th"}, {"table"}),
    "td": ({"td", "th"}, {"tr"}),
    "th": ({"td", "th"}, {"tr"}),
    "thead": ({"thead", "tbody", "tr", "td", "th"}, {"table"}),
    "tbody": ({"thead", "tbody", "tr", "td", "th"}, {"table"}),
    "tfoot": ({"thead", "tbody", "tr", "td", "th"}, {"table"}),
}
# Elements that may hold phrasing content only.
PHRASING = frozenset(
    ("span", "b", "i", "em", "strong", "small", "label", "button", "q", "code", "abbr", *HEADINGS)
)
# Elements that keep a block from ending a paragraph outside them.
SHELTERS_PARAGRAPH = frozenset(("button", "td", "th", "table", "li", "dd"))
FOREIGN = ("svg", "math")
INTERACTIVE = frozenset(("a", "button", "select", "textarea", "label"))
CHILDREN = {
    "ul": {"li", "script", "template"},
    "ol": {"li", "script", "template"},
    "dl": {"dt", "dd", "div", "script", "template"},
    "tr": {"td", "th", "script", "template"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot", "tr", "script", "template"},
    "select": {"option", "optgroup", "hr", "button", "script", "template"},
}


def find_html_faults(html: str) -> list[str]:
    """Return one phrase per fault, in the order of the source, such as `</b> has no start tag`."""
    reader = _Reader()
    for token in tokens(html):
        if isinstance(token, StartTag):
            reader.read_start(token)
        elif isinstance(token, EndTag):
            reader.read_end(token.name)
    reader.end_page()
    return reader.faults


class _Reader:
    """Reads tags one after another and collects faults."""

    def __init__(self) -> None:
        self.open = OpenElements()
        self.faults: list[str] = []
        self.foreign = 0  # depth in svg or math, where other rules apply

    def read_start(self, token: StartTag) -> None:
        foreign = self.foreign
        tag = token.name
        self._start(tag, token)
        if not token.closes_itself:
            return
        if foreign or tag in FOREIGN:
            self.read_end(tag)
        elif tag not in VOID_ELEMENTS:
            self.faults.append(f"<{tag}/> is not self-closing in HTML")

    def _start(self, tag: str, token: StartTag) -> None:
        counts = Counter(name for name, _ in token.attributes)
        self.faults += [
            f"duplicate attribute '{name}' on <{tag}>"
            for name, count in counts.items()
            if count > 1
        ]
        if not self.foreign:
            self._end_implied(tag)
            self._place(tag)
        if tag not in VOID_ELEMENTS:
            self.open.push(tag)
            if tag in FOREIGN:
                self.foreign += 1

    def read_end(self, tag: str) -> None:
        if tag in VOID_ELEMENTS or tag not in self.open:
            self.faults.append(f"</{tag}> has no start tag")
            return
        self._close_to(tag)
        if tag in FOREIGN:
            self.foreign -= 1

    def end_page(self) -> None:
        while len(self.open):
            self._left_open(self.open.pop()[0])

    def _left_open(self, tag: str) -> None:
        if tag in FOREIGN:
            self.foreign -= 1
        if tag not in OPTIONAL_END_TAGS:
            self.faults.append(f"<{tag}> has no end tag")

    def _end_implied(self, tag: str) -> None:
        if tag in BLOCKS and self.open.nearest({"p", *SHELTERS_PARAGRAPH}) == "p":
            self._close_to("p")
        ended, shelter = SIBLINGS.get(tag, (set(), set()))
        while ended and (last := self.open.nearest(ended | shelter)) in ended:
            self._close_to(last)

    def _close_to(self, tag: str) -> None:
        while (last := self.open.pop()[0]) != tag:
            self._left_open(last)

    def _place(self, tag: str) -> None:
        parent = self.open.last
        if parent in CHILDREN and tag not in CHILDREN[parent]:
            self.faults.append(f"<{tag}> is not allowed directly in <{parent}>")
        elif parent in PHRASING and tag in BLOCKS:
            self.faults.append(f"<{tag}> is not allowed in <{parent}>")
        elif tag == "li" and parent not in ("ul", "ol", "menu"):
            self.faults.append("<li> is not in a list")
        elif tag in INTERACTIVE - {"label"} and ("a" in self.open or "button" in self.open):
            self.faults.append(f"<{tag}> is not allowed in a link or button")
        elif tag == "form" and "form" in self.open:
            self.faults.append("<form> is not allowed in <form>")
