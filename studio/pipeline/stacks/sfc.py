"""Writes components as Vue's single-file components."""

from __future__ import annotations

import html
import json

from studio.pipeline.html_elements import VOID_ELEMENTS
from studio.pipeline.stacks.jsx import data_name, key_of
from studio.pipeline.stacks.naming import camel
from studio.pipeline.stacks.parts import Component, Node, Part, Slot, Use


def module(component: Component, *, folder: str = ".", behaviour: bool = False) -> str:
    """The component's file; `folder`: where the components it uses lie."""
    lines = [f'import {name} from "{folder}/{name}.vue";' for name in component.uses]
    if behaviour:
        lines.insert(0, 'import { onMounted } from "vue";')
        lines.append('\nonMounted(() => import("./script.js"));')
    if component.props:
        props = ", ".join(f"{name}: String" for name in component.props)
        lines.append(f"defineProps({{ {props} }});")
    lines += [
        "\n" + _data(u) for part in component.root.walk() for u in part.children if isinstance(u, Use) and u.items
    ]
    script = "<script setup>\n" + "\n".join(lines).strip() + "\n</script>\n\n" if lines else ""
    nodes = [component.root] if component.root.tag else component.root.children
    return f"{script}<template>\n" + "\n".join(_markup(node, 1) for node in nodes) + "\n</template>\n"


def _data(use: Use) -> str:
    rows = [
        "  { " + ", ".join(f"{prop}: {json.dumps(value, ensure_ascii=False)}" for prop, value in item.items()) + " },"
        for item in use.items or ()
    ]
    return f"const {data_name(use)} = [\n" + "\n".join(rows).replace("</", "<\\/") + "\n];"


def _markup(node: Node, depth: int) -> str:
    pad = "  " * depth
    if isinstance(node, str):
        return pad + _text(node)
    if isinstance(node, Slot):
        return f"{pad}{{{{ {node.name} }}}}"
    if isinstance(node, Use):
        return pad + _use(node)
    opening = f"<{node.tag}{_attributes(node)}"
    if node.tag in VOID_ELEMENTS:
        return f"{pad}{opening} />"
    if any(isinstance(child, str | Slot) for child in node.children) or not node.children:
        return f"{pad}{opening}>{''.join(_markup(child, 0) for child in node.children)}</{node.tag}>"
    inner = "\n".join(_markup(child, depth + 1) for child in node.children)
    return f"{pad}{opening}>\n{inner}\n{pad}</{node.tag}>"


def _use(use: Use) -> str:
    if use.items is None:
        return f"<{use.component} />"
    one, key = camel(use.component), key_of(use)
    if key is None:
        return f'<{use.component} v-for="({one}, index) in {data_name(use)}" :key="index" v-bind="{one}" />'
    return f'<{use.component} v-for="{one} in {data_name(use)}" :key="{one}.{key}" v-bind="{one}" />'


def _text(text: str) -> str:
    """Two braces would begin an expression."""
    return html.escape(text, quote=False).replace("{{", "{{ '{{' }}")


def _attributes(part: Part) -> str:
    out = [f'class="{html.escape(" ".join(part.classes))}"'] if part.classes else []
    for name, value in part.attrs.items():
        if name.startswith(("on", "v-", "@", ":", "#")):
            continue  # the page's own words are no directives
        if isinstance(value, Slot):
            out.append(f':{name}="{value.name}"')
        else:
            out.append(f'{name}="{html.escape(value)}"' if value else name)
    return "".join(f" {one}" for one in out)
