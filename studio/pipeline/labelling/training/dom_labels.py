"""What a page's author called each node of its layout tree, read from the DOM.

These are the answers to learn. A node comes from the smallest element that holds all its lines and
boxes and nothing else. Where there is none (the cuts grouped what the author did not) there is no
answer, and nothing is learnt there.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from studio.pipeline.labelling.model.steps import WalkStep
from studio.pipeline.labelling.training.pages import SimulatedPage
from studio.pipeline.layout.nodes import Node
from studio.pipeline.perception.hints import Box

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
BUTTON = re.compile(r"\b(btn|button|cta)\b|btn-")
CARD = re.compile(r"\bcard\b|\bpanel\b|\btile\b|\bbox\b|\bitem\b|thumbnail")
BADGE = re.compile(r"\b(badge|tag|label|chip|pill)\b")
NAV = re.compile(r"\bnav|menu\b|breadcrumb|pagination|\btabs?\b")


class Author:
    """The labels of one page's DOM; `kind` returns the label of one step."""

    def __init__(self, page: SimulatedPage) -> None:
        self._page = page
        self._elements = page.elements
        self._content = Counter[int]()  # element → number of lines and boxes in it
        self._painted: dict[Box, list[int]] = defaultdict(list)
        for box, element in page.boxes:
            self._painted[box].append(element)
        for element in [*page.line_elements.values(), *(e for _, e in page.boxes)]:
            for up in self._ups(element):
                self._content[up] += 1

    def _ups(self, element: int) -> list[int]:
        ancestors = []
        while element >= 0:
            ancestors.append(element)
            element = self._elements[element]["parent"]
        return ancestors

    def kind(self, step: WalkStep) -> str | None:
        """Return what the author made of it; None if unknown."""
        if len(step.kinds) == 1:
            return step.kinds[0]
        node = step.node
        is_text = node.flow == "text"
        kind = self._text(node) if is_text else self._control(node) or self._group(node)
        return kind if kind in step.kinds else None

    def _text(self, node: Node) -> str | None:
        votes = Counter(self._text_kind(run.line.id) for line in node.lines for run in line.runs)
        kind, count = votes.most_common(1)[0]
        return kind if count >= 0.6 * sum(votes.values()) else None

    def _text_kind(self, line: int) -> str:
        ups = [self._elements[e] for e in self._ups(self._page.line_elements[line])][:6]
        tags = [e["tag"] for e in ups]
        if HEADINGS & set(tags):
            return "heading"
        if "a" in tags:
            return "link"
        if "label" in tags and not {"p", "li"} & set(tags[: tags.index("label")]):
            return "label"
        return "text"

    def _at(self, box: Box) -> list[dict[str, Any]]:
        return [self._elements[e] for e in self._painted.get(box, ())]

    def _control(self, node: Node) -> str | None:
        if node.surface is None:
            return None
        for element in self._at(node.box):
            tag, cls = element["tag"], element["cls"].lower()
            if tag in ("input", "textarea", "select"):
                if element["type"] in ("submit", "button", "reset"):
                    return "button"
                return "select" if tag == "select" else "field"
            if (
                tag == "button"
                or element["role"] == "button"
                or (tag in ("a", "span") and BUTTON.search(cls))
            ):
                return "button"
            if tag == "a" and node.box.height <= 72:
                return "button"
            if tag in ("span", "small", "sup", "b", "strong", "em") and (
                BADGE.search(cls) or node.box.height <= 28
            ):
                return "badge"
        return None

    def _group(self, node: Node) -> str | None:
        """Return the kind by the elements that hold just what the node holds."""
        chain = self._chain(node)
        if not chain:
            return None
        tags = {e["tag"] for e in chain}
        classes = " ".join(e["cls"].lower() for e in chain)
        roles = {e["role"] for e in chain}
        for tag in ("header", "footer", "aside", "form"):
            if tag in tags:
                return tag
        if "nav" in tags or "navigation" in roles:
            return "nav"
        if tags & {"ul", "ol"}:
            return "nav" if NAV.search(classes) else "list"
        if re.search(r"\bfooter\b", classes):
            return "footer"
        if re.search(r"\b(site-)?header\b", classes) and node.box.y < 200:
            return "header"
        if re.search(r"\bsidebar\b", classes):
            return "aside"
        if node.flow in ("row", "grid") and self._is_repeating(node):
            return "cards"
        if "article" in tags or (node.surface is not None and CARD.search(classes)):
            return "card"
        if "section" in tags:
            return "section"
        return "panel" if node.surface is not None and not node.children else "group"

    def _chain(self, node: Node) -> list[dict[str, Any]]:
        lines = {
            r.line.id
            for n in node.walk()
            if n.flow == "text"
            for line in n.lines
            for r in line.runs
        }
        owners = [self._page.line_elements[i] for i in lines if i in self._page.line_elements]
        owners += [
            e
            for n in node.walk()
            if n.surface or n.flow == "picture"
            for e in self._painted.get(n.box, ())
        ]
        if not owners:
            return []
        paths = [set(self._ups(e)) for e in owners]
        common = set.intersection(*paths)
        ups = [e for e in self._ups(owners[0]) if e in common]
        least = self._content[ups[0]] if ups else 0
        if not ups or least > len(owners) * 1.34 + 1:
            return []  # the smallest element around it holds more: the author did not group this
        return [
            self._elements[e]
            for e in ups
            if self._content[e] <= least and self._elements[e]["tag"] != "body"
        ]

    def _is_repeating(self, node: Node) -> bool:
        looks = []
        for child in node.children:
            chain = self._chain(child)
            looks.append(
                (chain[-1]["tag"], " ".join(sorted(chain[-1]["cls"].split()))[:40])
                if chain
                else None
            )
        full = sum(len(child.children) >= 2 for child in node.children) >= 0.6 * len(looks)
        return full and None not in looks and len(set(looks)) <= max(1, len(looks) // 2)


def read_labels(author: Author, steps: Sequence[WalkStep]) -> list[str | None]:
    """Return the kind of each step; None if unknown."""
    return [author.kind(step) for step in steps]
