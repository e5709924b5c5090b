"""Where HTML is not written as its standard asks: tags without partner, attributes given twice, elements out of place.

Reads the source, because a browser mends all of it in silence. Not a full validator: the faults that hands and models
make, each counted where it stands.
"""

from __future__ import annotations

from html.parser import HTMLParser

from studio.pipeline.html_elements import VOID_ELEMENTS

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Their end tag may be left out: nothing is missing where they are open when their parent ends.
OPTIONAL = frozenset(
    ("html", "head", "body", "p", "li", "dt", "dd", "option", "optgroup", "rt", "rp", "colgroup")
) | frozenset(("thead", "tbody", "tfoot", "tr", "td", "th"))
BLOCKS = frozenset(
    ("address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "figure", "footer", "form")
) | frozenset(("header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul", *HEADINGS))
# What a start tag ends, and the nearest element that shelters it from doing so.
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
# Only words may be in these; a block in them is torn out, or out of place.
PHRASING = frozenset(("span", "b", "i", "em", "strong", "small", "label", "button", "q", "code", "abbr", *HEADINGS))
INTERACTIVE = frozenset(("a", "button", "select", "textarea", "label"))
CHILDREN = {
    "ul": {"li", "script", "template"},
    "ol": {"li", "script", "template"},
    "dl": {"dt", "dd", "div", "script", "template"},
    "tr": {"td", "th", "script", "template"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot", "tr", "script", "template"},
    "select": {"option", "optgroup", "hr", "button", "script", "template"},
}


def html_faults(html: str) -> list[str]:
    """One phrase for each fault, in the order of the source: `'</b>' ends nothing`."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_of_page()
    return reader.faults


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.foreign = 0  # depth in svg or math, where other rules hold

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        self.faults += [f"'{name}' is given twice on <{tag}>" for name in dict.fromkeys(names) if names.count(name) > 1]
        if not self.foreign:
            self._end_implied(tag)
            self._place(tag)
        if tag not in VOID_ELEMENTS:
            self.open.append(tag)
            self.foreign += tag in ("svg", "math")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        foreign = self.foreign
        self.handle_starttag(tag, attrs)
        if foreign or tag in ("svg", "math"):
            self.handle_endtag(tag)
        elif tag not in VOID_ELEMENTS:
            self.faults.append(f"<{tag}/> does not end itself")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID_ELEMENTS or tag not in self.open:
            self.faults.append(f"'</{tag}>' ends nothing")
            return
        while (last := self.open.pop()) != tag:
            self._left_open(last)
        self.foreign -= tag in ("svg", "math")

    def end_of_page(self) -> None:
        while self.open:
            self._left_open(self.open.pop())

    def _left_open(self, tag: str) -> None:
        self.foreign -= tag in ("svg", "math")
        if tag not in OPTIONAL:
            self.faults.append(f"<{tag}> is never ended")

    def _end_implied(self, tag: str) -> None:
        if tag in BLOCKS and "p" in self.open and not self._sheltered("p", {"button", "td", "th", "table", "li", "dd"}):
            self._close_to("p")
        ended, shelter = SIBLINGS.get(tag, (set(), set()))
        while ended and (last := next((e for e in reversed(self.open) if e in ended | shelter), None)) in ended:
            assert last is not None
            self._close_to(last)

    def _sheltered(self, tag: str, shelter: set[str]) -> bool:
        return next(e for e in reversed(self.open) if e == tag or e in shelter) != tag

    def _close_to(self, tag: str) -> None:
        while (last := self.open.pop()) != tag:
            self._left_open(last)

    def _place(self, tag: str) -> None:
        parent = self.open[-1] if self.open else ""
        if parent in CHILDREN and tag not in CHILDREN[parent]:
            self.faults.append(f"<{tag}> stands straight in <{parent}>")
        elif parent in PHRASING and tag in BLOCKS:
            self.faults.append(f"<{tag}> stands in <{parent}>")
        elif tag == "li" and parent not in ("ul", "ol", "menu"):
            self.faults.append("<li> stands outside a list")
        elif tag in INTERACTIVE - {"label"} and {"a", "button"} & set(self.open):
            self.faults.append(f"<{tag}> stands in a link or button")
        elif tag == "form" and "form" in self.open:
            self.faults.append("<form> stands in <form>")
