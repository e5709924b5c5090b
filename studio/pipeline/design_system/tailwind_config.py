"""Tokens of a Tailwind configuration (tailwind.config.js), read as data: nothing of it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from studio.pipeline.design_system.model import DesignSystemError

DEEPEST = 12  # objects inside each other
TOKEN = re.compile(
    r"\s+|//[^\n]*|/\*[\s\S]*?\*/|"
    r"(?P<text>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`$]*`)|"
    r"(?P<number>-?\d*\.?\d+)|(?P<word>[\w$]+)|(?P<sign>\.{3}|=>|[\s\S])"
)
# Sections of a theme → words that say the kind in a token's name.
SECTIONS = {
    "colors": "color",
    "fontSize": "text",
    "fontFamily": "font-family",
    "spacing": "spacing",
    "borderRadius": "radius",
}


def read_tailwind_config(text: str) -> dict[str, str]:
    """Return name → value of the theme and of what extends it.

    Functions, variables and plugins are passed over, because they would have to be run.
    """
    reader = _Reader(text)
    if not reader.find("theme", ":", "{"):
        raise DesignSystemError("The configuration has no `theme: { … }`.")
    theme = reader.read_value(0)
    extended = theme.pop("extend", {}) if isinstance(theme, dict) else {}
    found: dict[str, str] = {}
    for source in (theme, extended):
        for section, word in SECTIONS.items():
            values = source.get(section) if isinstance(source, dict) else None
            if isinstance(values, dict):
                found.update(_flatten(values, word))
    return found


def _flatten(values: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        place = path if name == "DEFAULT" else f"{path}-{name}"
        if isinstance(value, dict):
            yield from _flatten(value, place)
        elif isinstance(value, list) and value:
            families = path.startswith("font-family")
            words = [part for part in value if isinstance(part, str)]
            yield place, ", ".join(words) if families else str(value[0])
        elif isinstance(value, str):
            yield place, value


class _Reader:
    """A reader of JavaScript's literals; any other expression is passed over and is None."""

    def __init__(self, text: str) -> None:
        self.tokens = [
            (str(match.lastgroup), match[0])
            for match in TOKEN.finditer(text)
            if match.lastgroup is not None
        ]
        self.place = 0

    def find(self, *signs: str) -> bool:
        """Go to the last of these signs where they follow each other; return whether they do."""
        texts = [text for _, text in self.tokens]
        for place in range(len(texts) - len(signs) + 1):
            if texts[place : place + len(signs)] == list(signs):
                self.place = place + len(signs) - 1
                return True
        return False

    def peek(self) -> str:
        return self.tokens[self.place][1] if self.place < len(self.tokens) else ""

    def read_value(self, depth: int) -> Any:
        """Return the value up to a comma or a closing bracket."""
        if depth > DEEPEST:
            raise DesignSystemError(f"The configuration is more than {DEEPEST} levels deep.")
        value: Any = None
        if self.peek() == "{":
            value = self._read_object(depth)
        elif self.peek() == "[":
            value = self._read_list(depth)
        elif self.place < len(self.tokens) and self.tokens[self.place][0] in ("text", "number"):
            kind, text = self.tokens[self.place]
            self.place += 1
            value = text[1:-1] if kind == "text" else text
        if self.peek() not in (",", "}", "]", ""):
            self._pass_over()
            return None
        return value

    def _read_object(self, depth: int) -> dict[str, Any]:
        self.place += 1
        found: dict[str, Any] = {}
        while self.peek() not in ("}", ""):
            kind, text = self.tokens[self.place]
            self.place += 1
            if kind in ("text", "word", "number") and self.peek() == ":":
                self.place += 1
                name = text[1:-1] if kind == "text" else text
                value = self.read_value(depth + 1)
                if value is not None:
                    found[name] = value
            elif text != ",":
                self._pass_over()
        self.place += 1
        return found

    def _read_list(self, depth: int) -> list[Any]:
        self.place += 1
        found: list[Any] = []
        while self.peek() not in ("]", ""):
            if self.peek() == ",":
                self.place += 1
                continue
            before = self.place
            found.append(self.read_value(depth + 1))
            if self.place == before:  # a closing brace that opens nothing
                self.place += 1
        self.place += 1
        return [value for value in found if value is not None]

    def _pass_over(self) -> None:
        """Go on to the comma or the closing bracket that ends an expression."""
        depth = 0
        while self.place < len(self.tokens):
            sign = self.peek()
            if depth == 0 and sign in (",", "}", "]", ")"):
                if sign == ")":
                    self.place += 1
                return
            depth += (sign in ("(", "[", "{")) - (sign in (")", "]", "}"))
            self.place += 1
