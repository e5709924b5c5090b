"""Style rules of a page confined to the page's root element, for a page inside an application.

What CSS keeps in one space for the whole document (font families, keyframes) gets the page's
prefix; what cannot be confined is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import tinycss2

from studio.pipeline.css_parts import split_at
from studio.pipeline.stacks.rule_sheet import read_declarations, write_rule

GROUPING = ("media", "supports", "container", "layer")
NAMED = ("font-face", "keyframes", "-webkit-keyframes")  # global, but under a name of the page
# The page's own root in selectors: `html`, `body`, `:root`, `html body`.
PAGE_ROOT = re.compile(r"^(?:html|:root)?\s*(?:>\s*)?\b(?:body|html)\b|^:root")
CLASS = re.compile(r"\.(-?[a-zA-Z_][\w-]*)")
EVERYTHING = re.compile(r"^\*(?=$|:)")


@dataclass(frozen=True, slots=True)
class GlobalNames:
    """Names that a page defines for the whole document → names under the page's prefix."""

    families: Mapping[str, str] = field(default_factory=dict)
    keyframes: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)

    def rename_classes(self, selector: str) -> str:
        return CLASS.sub(lambda match: f".{self.classes.get(match[1], match[1])}", selector)

    def rename(self, name: str, value: str) -> str:
        """Return a declaration's value with the new names."""
        if name.startswith("animation"):
            return _replace_words(value, self.keyframes)
        if name in ("font-family", "font") or name.startswith("--"):
            return _replace_families(value, self.families)
        return value


def find_global_names(rules: Iterable[str], prefix: str, classes: Mapping[str, str]) -> GlobalNames:
    """Return the names that the at-rules among `rules` define; `classes` are renamed as well."""
    families: dict[str, str] = {}
    keyframes: dict[str, str] = {}
    for text in rules:
        if match := re.match(r"@(?:-webkit-)?keyframes\s+([\w-]+)", text):
            keyframes[match[1]] = f"{prefix}-{match[1]}"
        elif text.startswith("@font-face"):
            family = re.search(r"font-family\s*:\s*([^;}]+)", text)
            if family:
                name = _strip_quotes(family[1])
                families[name] = f"{prefix} {name}"
    return GlobalNames(families, keyframes, classes)


def scope_sheet(text: str, root: str, names: GlobalNames) -> str:
    """Return the sheet with every selector below `.root`, and renamed fonts and keyframes."""
    nodes = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    return "\n\n".join(_scope_nodes(nodes, f".{root}", names))


def _scope_nodes(nodes: list[tinycss2.ast.Node], root: str, names: GlobalNames) -> list[str]:
    parts: list[str] = []
    for node in nodes:
        if node.type == "qualified-rule":
            parts.append(_scope_rule(node, root, names))
        elif node.type == "at-rule" and node.content is not None:
            parts += _scope_at_rule(node, root, names)
    return [part for part in parts if part]


def _scope_rule(node: tinycss2.ast.QualifiedRule, root: str, names: GlobalNames) -> str:
    declarations = tuple(
        (name, names.rename(name, value), important)
        for name, value, important in read_declarations(node.content)
    )
    selectors = [
        scope_selector(names.rename_classes(selector), root)
        for selector in split_at(node.prelude, ",")
    ]
    return write_rule(",\n".join(selectors), declarations) if declarations else ""


def _scope_at_rule(node: tinycss2.ast.AtRule, root: str, names: GlobalNames) -> list[str]:
    keyword = node.lower_at_keyword
    prelude = tinycss2.serialize(node.prelude).strip()
    if keyword in GROUPING:
        inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
        scoped = _scope_nodes(inner, root, names)
        body = "\n\n".join(scoped).replace("\n", "\n  ")
        return [f"@{keyword} {prelude} {{\n  {body}\n}}"] if scoped else []
    if keyword == "font-face":
        declarations = tuple(
            (name, names.rename(name, value), important)
            for name, value, important in read_declarations(node.content)
        )
        return [write_rule("@font-face", declarations)]
    if keyword in NAMED:
        name = names.keyframes.get(prelude, prelude)
        return [f"@{keyword} {name} {{{tinycss2.serialize(node.content)}}}"]
    return []


def scope_selector(selector: str, root: str) -> str:
    """Return 'body > main' as '.page > main' and 'h1' as '.page h1'."""
    if PAGE_ROOT.match(selector):
        rest = PAGE_ROOT.sub("", selector, count=1)
        return f"{root}{rest}"
    if EVERYTHING.match(selector):
        return f"{root}{selector.removeprefix('*')},\n{root} {selector}"
    return f"{root} {selector}"


def _replace_words(value: str, names: Mapping[str, str]) -> str:
    return re.sub(r"[\w-]+", lambda match: names.get(match[0], match[0]), value)


def _replace_families(value: str, names: Mapping[str, str]) -> str:
    """Return a list of families, or a `font` that ends in one, with the new names in quotes."""
    if not names:
        return value

    def put(quote: str) -> Callable[[re.Match[str]], str]:
        return lambda match: f'"{names[match[1]]}"' if match[1] in names else match[0]

    value = re.sub(r"\"([^\"]*)\"", put('"'), value)
    value = re.sub(r"'([^']*)'", put("'"), value)
    parts = [part.strip() for part in value.split(",")]
    return ", ".join(f'"{names[part]}"' if part in names else part for part in parts)


def _strip_quotes(text: str) -> str:
    return text.strip().strip("'\"").strip()
