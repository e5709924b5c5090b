"""Writer of components as Vue's single-file components."""

from __future__ import annotations

import html
import json

from studio.pipeline.html_elements import VOID_ELEMENTS
from studio.pipeline.stacks.jsx import SVG_WORDS, find_key_prop, name_data
from studio.pipeline.stacks.module_style import OWN, ModuleStyle
from studio.pipeline.stacks.naming import to_camel
from studio.pipeline.stacks.parts import Component, ComponentPart, ComponentUse, Node, Slot


def write_vue_component(
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
    lines = [first] if first else []
    lines += [
        f'import {name} from "{folder}/{style.name_file(name)}.vue";' for name in component.uses
    ]
    if behavior:
        lines.insert(0, 'import { onMounted } from "vue";')
        lines.append('\nonMounted(() => import("./script.js"));')
    if component.props and style.typescript:
        props = "; ".join(f"{name}: string" for name in component.props)
        lines.append(f"defineProps<{{ {props} }}>();")
    elif component.props:
        props = ", ".join(f"{name}: String" for name in component.props)
        lines.append(f"defineProps({{ {props} }});")
    lines += [
        "\n" + _write_data(u)
        for part in component.root.walk()
        for u in part.children
        if isinstance(u, ComponentUse) and u.items
    ]
    opening = '<script setup lang="ts">' if style.typescript else "<script setup>"
    script = f"{opening}\n" + "\n".join(lines).strip() + "\n</script>\n\n" if lines else ""
    nodes = [component.root] if component.root.tag else component.root.children
    return (
        f"{script}<template>\n"
        + "\n".join(_write_markup(node, 1) for node in nodes)
        + "\n</template>\n"
    )


def _write_data(use: ComponentUse) -> str:
    rows = [
        "  { "
        + ", ".join(
            f"{prop}: {json.dumps(value, ensure_ascii=False)}" for prop, value in item.items()
        )
        + " },"
        for item in use.items or ()
    ]
    return f"const {name_data(use)} = [\n" + "\n".join(rows).replace("</", "<\\/") + "\n];"


def _write_markup(node: Node, depth: int) -> str:
    pad = "  " * depth
    if isinstance(node, str):
        return pad + _write_text(node)
    if isinstance(node, Slot):
        return f"{pad}{{{{ {node.name} }}}}"
    if isinstance(node, ComponentUse):
        return pad + _write_use(node)
    opening = f"<{node.tag}{_write_attributes(node)}"
    if node.tag in VOID_ELEMENTS:
        return f"{pad}{opening} />"
    if any(isinstance(child, str | Slot) for child in node.children) or not node.children:
        return f"{pad}{opening}>{''.join(_write_markup(child, 0) for child in node.children)}</{node.tag}>"
    inner = "\n".join(_write_markup(child, depth + 1) for child in node.children)
    return f"{pad}{opening}>\n{inner}\n{pad}</{node.tag}>"


def _write_use(use: ComponentUse) -> str:
    if use.items is None:
        return f"<{use.component} />"
    item = to_camel(use.component)
    data = name_data(use)
    key = find_key_prop(use)
    if key is None:
        return f'<{use.component} v-for="({item}, index) in {data}" :key="index" v-bind="{item}" />'
    return f'<{use.component} v-for="{item} in {data}" :key="{item}.{key}" v-bind="{item}" />'


def _write_text(text: str) -> str:
    """Return the text escaped for a template, where two braces would begin an expression."""
    return html.escape(text, quote=False).replace("{{", "{{ '{{' }}")


def _write_attributes(part: ComponentPart) -> str:
    attributes = [f'class="{html.escape(" ".join(part.classes))}"'] if part.classes else []
    for key, value in part.attrs.items():
        name = SVG_WORDS.get(key, key)  # a template does not correct them as a page's parser does
        if name.startswith(("on", "v-", "@", ":", "#")):
            continue  # the page's own attributes must not become directives
        if isinstance(value, Slot):
            attributes.append(f':{name}="{value.name}"')
        else:
            attributes.append(f'{name}="{html.escape(value)}"' if value else name)
    return "".join(f" {attribute}" for attribute in attributes)
