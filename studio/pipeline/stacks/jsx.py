"""Writer of components as React modules."""

from __future__ import annotations

import json
import re

from studio.pipeline.html_elements import VOID_ELEMENTS
from studio.pipeline.stacks.module_style import OWN, ModuleStyle
from studio.pipeline.stacks.naming import pluralize, to_camel
from studio.pipeline.stacks.parts import Component, ComponentPart, ComponentUse, Node, Slot

RENAMED = {
    "class": "className",
    "for": "htmlFor",
    "tabindex": "tabIndex",
    "colspan": "colSpan",
    "rowspan": "rowSpan",
    "readonly": "readOnly",
    "maxlength": "maxLength",
    "minlength": "minLength",
    "autocomplete": "autoComplete",
    "autofocus": "autoFocus",
    "novalidate": "noValidate",
    "srcset": "srcSet",
    "datetime": "dateTime",
    "crossorigin": "crossOrigin",
    "enctype": "encType",
    "inputmode": "inputMode",
    "popovertarget": "popoverTarget",
    "usemap": "useMap",
    "value": "defaultValue",
    "checked": "defaultChecked",
    "accept-charset": "acceptCharset",
    "spellcheck": "spellCheck",
    "contenteditable": "contentEditable",
    "frameborder": "frameBorder",
    "allowfullscreen": "allowFullScreen",
    "referrerpolicy": "referrerPolicy",
    "fetchpriority": "fetchPriority",
    "http-equiv": "httpEquiv",
}
KEEP_VALUE = {"button", "option", "li", "progress", "meter", "param", "data"}
BOOLEAN = {
    "checked",
    "disabled",
    "required",
    "readonly",
    "multiple",
    "autofocus",
    "novalidate",
    "hidden",
    "open",
    "loop",
    "muted",
    "controls",
    "autoplay",
    "reversed",
    "allowfullscreen",
    "inert",
}
# Attributes that React's types take as numbers alone.
NUMBERS = {
    "tabindex",
    "colspan",
    "rowspan",
    "maxlength",
    "minlength",
    "rows",
    "cols",
    "size",
    "span",
    "start",
}
KEYS = ("title", "name", "label", "text", "href")  # props that name an item, best first
PLAIN = re.compile(r"[^{}<>&]+")
SVG_WORDS = {
    "viewbox": "viewBox",
    "preserveaspectratio": "preserveAspectRatio",
    "gradientunits": "gradientUnits",
}


def write_jsx_module(
    component: Component,
    *,
    folder: str = ".",
    first: str = "",
    behavior: bool = False,
    style: ModuleStyle = OWN,
) -> str:
    """Return the component's file.

    `folder` is where the components it uses are, as an import names it; `first` is further imports.
    """
    imports = [style.write_import(name, folder) for name in component.uses]
    if behavior:
        imports.insert(0, 'import { useEffect } from "react";\n')
    data = [
        _write_data(use)
        for part in component.root.walk()
        for use in part.children
        if isinstance(use, ComponentUse) and use.items
    ]
    props = f"{{ {', '.join(component.props)} }}" if component.props else ""
    head = "\n".join([*([first] if first else []), *imports])
    types = ""
    if component.props and style.typescript:
        typed = "; ".join(f"{name}: string" for name in component.props)
        types = f"type {component.name}Props = {{ {typed} }};\n\n"
        props += f": {component.name}Props"
    elif component.props:
        typed = ", ".join(f"{name}: string" for name in component.props)
        types = f"/** @param {{{{ {typed} }}}} props */\n"
    export = "export function" if style.named_exports else "export default function"
    effect = '  useEffect(() => {\n    import("./script.js");\n  }, []);\n\n' if behavior else ""
    body = _write_root(component.root)
    parts = [
        head,
        *data,
        f"{types}{export} {component.name}({props}) {{\n{effect}  return (\n{body}\n  );\n}}",
    ]
    if behavior and style.client_directive:
        parts.insert(0, '"use client";')
    return "\n\n".join(part for part in parts if part) + "\n"


def _write_root(root: ComponentPart) -> str:
    if root.tag:
        return _write_markup(root, 2)
    children = [child for child in root.children if not isinstance(child, str) or child.strip()]
    if len(children) == 1 and isinstance(children[0], ComponentPart):
        return _write_markup(children[0], 2)
    return "    <>\n" + "\n".join(_write_markup(child, 3) for child in root.children) + "\n    </>"


def name_data(use: ComponentUse) -> str:
    return pluralize(to_camel(use.component))


def _write_data(use: ComponentUse) -> str:
    rows = [
        "  { "
        + ", ".join(
            f"{prop}: {json.dumps(value, ensure_ascii=False)}" for prop, value in item.items()
        )
        + " },"
        for item in use.items or ()
    ]
    return f"const {name_data(use)} = [\n" + "\n".join(rows) + "\n];"


def find_key_prop(use: ComponentUse) -> str | None:
    """Return a prop whose values differ between all items: what names an item, else the first."""
    items = use.items or ()
    unique = [p for p in items[0] if len({item[p] for item in items}) == len(items)]
    named = [prop for prop in KEYS if prop in unique]
    return next(iter([*named, *unique]), None)


def _write_markup(node: Node, depth: int) -> str:
    pad = "  " * depth
    if isinstance(node, str):
        return pad + _write_text(node)
    if isinstance(node, Slot):
        return f"{pad}{{{node.name}}}"
    if isinstance(node, ComponentUse):
        return pad + _write_use(node)
    opening = f"<{node.tag}{_write_attributes(node)}"
    if node.tag in VOID_ELEMENTS or not node.children:
        return f"{pad}{opening} />"
    if node.tag == "textarea":
        return f"{pad}{opening} defaultValue={_quote_attribute(''.join(str(child) for child in node.children))} />"
    if _is_inline(node):
        return f"{pad}{opening}>{''.join(_write_markup(child, 0) for child in node.children)}</{node.tag}>"
    inner = "\n".join(_write_markup(child, depth + 1) for child in node.children)
    return f"{pad}{opening}>\n{inner}\n{pad}</{node.tag}>"


def _is_inline(part: ComponentPart) -> bool:
    """Return True if it holds text, where line breaks would add white space."""
    return any(isinstance(child, str | Slot) for child in part.children)


def _write_use(use: ComponentUse) -> str:
    if use.items is None:
        return f"<{use.component} />"
    item = to_camel(use.component)
    data = name_data(use)
    key = find_key_prop(use)
    if key is None:
        element = f"<{use.component} key={{index}} {{...{item}}} />"
        return f"{{{data}.map(({item}, index) => ({element}))}}"
    element = f"<{use.component} key={{{item}.{key}}} {{...{item}}} />"
    return f"{{{data}.map(({item}) => ({element}))}}"


def _write_text(text: str) -> str:
    if PLAIN.fullmatch(text) and "\n" not in text and text == text.strip():
        return text
    stripped = text.strip()
    if PLAIN.fullmatch(stripped or " ") and stripped and "\n" not in text:
        before = '{" "}' if text[0].isspace() else ""
        after = '{" "}' if text[-1].isspace() else ""
        return f"{before}{stripped}{after}"
    return f"{{{json.dumps(text, ensure_ascii=False)}}}"


def _write_attributes(part: ComponentPart) -> str:
    attributes = [f"className={_quote_attribute(' '.join(part.classes))}"] if part.classes else []
    for name, value in part.attrs.items():
        if (
            name.startswith("on")
            or (name == "selected" and part.tag == "option")
            or name.startswith(("v-", "@", ":"))
        ):
            continue  # handlers written in HTML are not functions, which React needs
        jsx = _name_attribute(name, part.tag)
        if isinstance(value, Slot):
            number = f"Number({value.name})" if name in NUMBERS else value.name
            attributes.append(f"{jsx}={{{number}}}")
        elif name in NUMBERS and re.fullmatch(r"-?\d{1,9}", value):
            attributes.append(f"{jsx}={{{int(value)}}}")
        elif name in BOOLEAN:
            attributes.append(jsx)
        else:
            attributes.append(f"{jsx}={_quote_attribute(value)}")
    if part.tag == "select" and (chosen := _find_chosen_option(part)) is not None:
        attributes.append(f"defaultValue={{{json.dumps(chosen, ensure_ascii=False)}}}")
    return "".join(f" {attribute}" for attribute in attributes)


def _quote_attribute(value: str) -> str:
    """Return an attribute's value, as an expression where quotes cannot hold it."""
    plain = not re.search(r'["\\&\n]', value)
    return f'"{value}"' if plain else f"{{{json.dumps(value, ensure_ascii=False)}}}"


def _name_attribute(name: str, tag: str) -> str:
    if name == "value" and tag in KEEP_VALUE:
        return name
    if name in RENAMED:
        return RENAMED[name]
    if name in SVG_WORDS:
        return SVG_WORDS[name]
    if "-" in name and not name.startswith(("aria-", "data-")):
        first, *rest = re.split(r"[-:]", name)
        return first + "".join(word.capitalize() for word in rest)
    return name


def _find_chosen_option(select: ComponentPart) -> str | None:
    for option in select.walk():
        if option.tag == "option" and "selected" in option.attrs:
            value = option.attrs.get(
                "value", "".join(child for child in option.children if isinstance(child, str))
            )
            return value if isinstance(value, str) else None
    return None
