"""A page as a Bootstrap project.

It uses the framework's classes where they declare the same, and the page's own CSS for the rest.
Bootstrap's utilities are important, so one is used only where nothing else (a width, a state)
declares otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from studio.pipeline.bundle import ENTRY
from studio.pipeline.stacks.cascade import BASE
from studio.pipeline.stacks.components import split_components
from studio.pipeline.stacks.defaults import BARE, REBOOT, get_browser_styles
from studio.pipeline.stacks.document import Document, El
from studio.pipeline.stacks.html import write_attributes, write_html
from studio.pipeline.stacks.html_shell import write_document
from studio.pipeline.stacks.longhands import expand_shorthand
from studio.pipeline.stacks.rule_sheet import StyleRule, write_rule
from studio.pipeline.stacks.theme import Theme, parse_px
from studio.pipeline.stacks.vendor import read_vendored_file

Declaration = tuple[str, str, bool]
CLASS = re.compile(r"\.([a-zA-Z_][\w-]*)(?![^{]*;)")
SPACES = {0.0: "0", 4.0: "1", 8.0: "2", 16.0: "3", 24.0: "4", 48.0: "5"}
SAME: Mapping[str, Mapping[str, str]] = {
    "display": {
        w: f"d-{w}"
        for w in ("block", "inline-block", "inline", "flex", "inline-flex", "grid", "none")
    },
    "flex-direction": {"column": "flex-column", "row": "flex-row"},
    "flex-wrap": {"wrap": "flex-wrap", "nowrap": "flex-nowrap"},
    "justify-content": {
        "center": "justify-content-center",
        "space-between": "justify-content-between",
        "flex-end": "justify-content-end",
        "space-around": "justify-content-around",
        "flex-start": "justify-content-start",
    },
    "align-items": {
        "center": "align-items-center",
        "flex-start": "align-items-start",
        "flex-end": "align-items-end",
        "baseline": "align-items-baseline",
        "stretch": "align-items-stretch",
    },
    "text-align": {"center": "text-center", "left": "text-start", "right": "text-end"},
    "text-transform": {
        "uppercase": "text-uppercase",
        "capitalize": "text-capitalize",
        "lowercase": "text-lowercase",
    },
    "font-weight": {
        "700": "fw-bold",
        "bold": "fw-bold",
        "600": "fw-semibold",
        "500": "fw-medium",
        "400": "fw-normal",
        "300": "fw-light",
    },
    "font-style": {"italic": "fst-italic"},
    "text-decoration-line": {
        "none": "text-decoration-none",
        "underline": "text-decoration-underline",
    },
    "white-space": {"nowrap": "text-nowrap"},
    "position": {w: f"position-{w}" for w in ("relative", "absolute", "fixed", "sticky")},
    "width": {"100%": "w-100", "50%": "w-50", "auto": "w-auto"},
    "height": {"100%": "h-100"},
    "max-width": {"100%": "mw-100"},
    "object-fit": {w: f"object-fit-{w}" for w in ("cover", "contain")},
}
MERGED = {
    ("mt-{}", "mb-{}"): "my-{}",
    ("ms-{}", "me-{}"): "mx-{}",
    ("pt-{}", "pb-{}"): "py-{}",
    ("ps-{}", "pe-{}"): "px-{}",
}
SHORT = {"top": "t", "right": "e", "bottom": "b", "left": "s"}
NOTE = "/* Bootstrap comes first (see src/main.js); here is what it does not say. */"


def write_bootstrap_files(document: Document) -> dict[str, str]:
    theme = Theme(document.sheet.tokens)
    _step_aside(document)
    for element in document.body.walk():
        if element.style:
            element.attrs["style"] = element.style
    rules = _apply_utilities(document, theme)
    sheet = _write_sheet(document, rules)
    page = split_components(document, split=False)
    content = "\n".join(write_html(child, 2) for child in page.body.root.children)
    script = '<script type="module" src="/src/main.js"></script>'
    body = write_attributes(page.shell)
    main = 'import "bootstrap/dist/css/bootstrap.min.css";\nimport "bootstrap";\nimport "./styles.css";\n'
    out = {
        ENTRY: write_document(page.lang, page.title, page.head, script, body, content),
        "src/styles.css": sheet,
    }
    if document.script:
        out["src/script.js"] = document.script + "\n"
        main += 'import "./script.js";\n'
    return {**out, "src/main.js": main}


def _step_aside(document: Document) -> None:
    """Rename the page's classes that Bootstrap has too ('card', 'container').

    Bootstrap styles them differently.
    """
    taken = {
        name for element in document.body.walk() for name in element.names
    } & list_framework_classes()

    def rename(match: re.Match[str]) -> str:
        return f".page-{match[1]}" if match[1] in taken else match[0]

    for element in document.body.walk():
        element.names = element.classes = tuple(
            f"page-{n}" if n in taken else n for n in element.names
        )
    document.sheet.rules[:] = [
        replace(r, selector=CLASS.sub(rename, r.selector)) for r in document.sheet.rules
    ]
    document.sheet.rest[:] = [CLASS.sub(rename, text) for text in document.sheet.rest]
    document.strange[:] = [CLASS.sub(rename, text) for text in document.strange]


@cache
def list_framework_classes() -> frozenset[str]:
    return frozenset(CLASS.findall(read_vendored_file("bootstrap/dist/css/bootstrap.min.css")))


def _apply_utilities(document: Document, theme: Theme) -> list[StyleRule]:
    """Return the page's rules without what the elements' new classes declare."""
    bearers: dict[str, list[El]] = {}
    for element in document.body.walk():
        for name in element.names:
            bearers.setdefault(name, []).append(element)
    out = []
    for rule in document.sheet.rules:
        name = rule.selector.removeprefix(".")
        if (
            rule.variant
            or not rule.selector.startswith(".")
            or name not in bearers
            or not name.replace("-", "").replace("_", "").isalnum()
        ):
            out.append(rule)
            continue
        kept: list[Declaration] = []
        for declaration in rule.declarations:
            words = _find_utilities(declaration, theme)
            if words and all(_always_applies(element, declaration) for element in bearers[name]):
                for element in bearers[name]:
                    element.classes = tuple(dict.fromkeys((*element.classes, *words)))
            else:
                kept.append(declaration)
        if kept:
            out.append(
                StyleRule(rule.selector, rule.specificity, rule.order, rule.variant, tuple(kept))
            )
    _tidy(document, out)
    return out


def _tidy(document: Document, rules: Iterable[StyleRule]) -> None:
    """Remove classes that no rule names any more, and write two halves as one class."""
    texts = "\n".join(
        [*(r.selector for r in rules), *document.sheet.rest, *document.strange, document.script]
    )
    for element in document.body.walk():
        classes = [name for name in element.classes if name not in element.names or name in texts]
        for (first, second), whole in MERGED.items():
            for number in ("0", "1", "2", "3", "4", "5", "auto"):
                if first.format(number) in classes and second.format(number) in classes:
                    classes[classes.index(first.format(number))] = whole.format(number)
                    classes.remove(second.format(number))
        element.classes = tuple(classes)


def _find_utilities(declaration: Declaration, theme: Theme) -> list[str]:
    """Return the classes that declare the same; none unless they cover all of the declaration."""
    name, value, _ = declaration
    classes = []
    for part, text in expand_shorthand(name, theme.flat(value)).items():
        word = SAME.get(part, {}).get(text) or _space(part, text)
        if word is None:
            return []
        classes.append(word)
    if name in ("gap", "grid-gap"):
        if len(classes) == 2 and classes[0][-1] == classes[1][-1]:
            return [classes[0].replace("row-gap", "gap")]
        return []
    return classes


def _space(name: str, value: str) -> str | None:
    kind, _, side = name.partition("-")
    if kind in ("margin", "padding") and side in SHORT:
        if value == "auto" and kind == "margin":
            return f"m{SHORT[side]}-auto"
        number = SPACES.get(parse_px(value) if parse_px(value) is not None else -1.0)  # type: ignore[arg-type]
        return f"{kind[0]}{SHORT[side]}-{number}" if number else None
    if name in ("row-gap", "column-gap"):
        number = SPACES.get(parse_px(value) if parse_px(value) is not None else -1.0)  # type: ignore[arg-type]
        return f"{name}-{number}" if number else None
    return None


def _always_applies(element: El, declaration: Declaration) -> bool:
    """Return True if the declaration wins on the element at every width and in every state."""
    name, value, _ = declaration
    for part, text in expand_shorthand(name, value).items():
        if element.look.base.get(part) != text:
            return False
        if any(
            part in values for variant, values in element.look.values.items() if variant != BASE
        ):
            return False
    return True


def _write_sheet(document: Document, rules: list[StyleRule]) -> str:
    parts = [NOTE]
    tokens = document.sheet.tokens
    if tokens:
        parts.append(
            ":root {\n" + "\n".join(f"  {name}: {value};" for name, value in tokens.items()) + "\n}"
        )
    parts += [text for text in document.sheet.rest if text.startswith("@")]
    parts += _undo_reset(document)
    parts += [text for text in document.sheet.rest if not text.startswith("@")]
    media = ""
    block: list[str] = []
    for rule in _group_rules(rules):
        query = next((part for part in rule.variant if "(" in part or part == "print"), "")
        states = [part for part in rule.variant if part != query]
        selector = rule.selector + "".join(f"{'::' if s in PSEUDO else ':'}{s}" for s in states)
        if query != media and block:
            parts.append(_wrap_in_media(media, block))
            block = []
        media = query
        block.append(write_rule(selector, rule.declarations))
    if block:
        parts.append(_wrap_in_media(media, block))
    return "\n\n".join([*parts, *document.strange]) + "\n"


# What a browser does not style.
LEFT = {"line-height": "inherit", "color": "inherit", "font-size": "1em"}
PSEUDO = {
    "before",
    "after",
    "placeholder",
    "marker",
    "selection",
    "first-letter",
    "first-line",
    "backdrop",
}


def _group_rules(rules: list[StyleRule]) -> list[StyleRule]:
    """Return the rules with neighbors that declare the same joined under several selectors."""
    out: list[StyleRule] = []
    for rule in rules:
        last = out[-1] if out else None
        if (
            last
            and not rule.variant
            and not last.variant
            and last.declarations == rule.declarations
        ):
            out[-1] = StyleRule(
                f"{last.selector},\n{rule.selector}",
                last.specificity,
                last.order,
                (),
                last.declarations,
            )
        else:
            out.append(rule)
    return out


def _wrap_in_media(query: str, block: list[str]) -> str:
    text = "\n\n".join(block)
    return f"@media {query} {{\n{text}\n}}" if query else text


def _undo_reset(document: Document) -> list[str]:
    """Return rules that restore values which the reset overrides.

    The page left them to the browser, or to a rule weaker than the reset.
    """
    rules = []
    if not any("box-sizing" in element.look.base for element in document.body.walk()):
        rules.append(write_rule("*,\n::before,\n::after", (("box-sizing", "content-box", False),)))
    by_tag: dict[str, list[El]] = {}
    for element in document.body.walk():
        by_tag.setdefault(element.tag, []).append(element)
    for tag, elements in by_tag.items():
        declared = {}
        for name, reset in REBOOT.get(tag, {}).items():
            value = _find_unset_value(elements, name)
            if value is not None and value != reset:
                declared[name] = value
        if declared:
            rules.append(
                write_rule(tag, tuple((name, value, False) for name, value in declared.items()))
            )
    return rules


def _find_unset_value(elements: list[El], name: str) -> str | None:
    """Return the value where no rule of the page is as strong as the reset's.

    None if every element has one.
    """
    for element in elements:
        ranks = element.look.ranks.get(BASE, {})
        if name not in ranks:
            return {**BARE, **LEFT, **get_browser_styles(element.tag)}.get(name)
        if ranks[name][1] < (0, 0, 0, 1):  # set by '*', which is weaker than the reset's 'h1'
            return element.look.base[name]
    return None
