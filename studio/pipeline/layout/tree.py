"""The layout tree of a mockup: what is inside what, cut into rows and columns.

It holds order, text, sizes and colors, and no meaning: labels come from rules or a model
(`labelling`), code from `codegen`.
"""

from __future__ import annotations

from dataclasses import replace

from studio.pipeline.layout.aligned_tables import build_ruled_table_node, find_tables
from studio.pipeline.layout.containment import Holder, find_surface, nest_items
from studio.pipeline.layout.cuts import cut_items
from studio.pipeline.layout.line_heights import share_line_heights
from studio.pipeline.layout.list_runs import find_lists
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.noise import remove_noise
from studio.pipeline.layout.page_sections import find_sections
from studio.pipeline.layout.paragraphs import Ids, make_text_nodes
from studio.pipeline.layout.repeats import find_repeats
from studio.pipeline.layout.ruled_tables import find_lattices
from studio.pipeline.layout.text_styles import settle_styles
from studio.pipeline.perception.hints import Hints

__all__ = ["Node", "build_tree"]


def build_tree(hints: Hints) -> Node:
    """Return the page as one node.

    Deterministic; an empty mockup gives a page without children.
    """
    ids = Ids()
    clean = remove_noise(hints)
    clean = replace(clean, texts=tuple(settle_styles(clean.texts)))
    rest, lattices = find_lattices(clean)
    page = nest_items(rest, list(rest.texts), lattices)
    texts = _make_texts(page, ids)
    root = _build_node(page, texts, ids)
    root = find_tables(root, ids)
    root = find_lists(root, ids)
    root = find_repeats(root, ids)
    return find_sections(root, ids)


def _make_texts(page: Holder, ids: Ids) -> dict[int, list[Node]]:
    """Return text nodes per holder, with line heights shared over the whole page."""
    nodes: list[tuple[int, Node]] = []
    queue = [page]
    for holder in queue:
        obstacles = [inner.box for inner in holder.holders]
        obstacles += [picture.box for picture in holder.pictures]
        obstacles += [rule.box for rule in holder.rules]
        obstacles += [lattice.box for lattice in holder.lattices]
        nodes += [(id(holder), node) for node in make_text_nodes(holder.texts, obstacles, ids)]
        queue += holder.holders
    shared = share_line_heights([node for _, node in nodes])
    by_holder: dict[int, list[Node]] = {}
    for (key, _), node in zip(nodes, shared, strict=True):
        by_holder.setdefault(key, []).append(node)
    return by_holder


def _build_node(holder: Holder, texts: dict[int, list[Node]], ids: Ids) -> Node:
    items = list(texts.get(id(holder), []))
    items += [Node(ids.next(), "picture", p.box, p.box, picture=p) for p in holder.pictures]
    items += [Node(ids.next(), "rule", r.box, r.box, surface=find_surface(r)) for r in holder.rules]
    items += [_build_node(inner, texts, ids) for inner in holder.holders]
    items += [build_ruled_table_node(lattice, ids) for lattice in holder.lattices]
    if not items:
        return Node(ids.next(), "shape", holder.box, holder.box, surface=holder.surface)
    content = cut_items(items, ids)
    if content.flow in ("column", "row", "stack") and content.surface is None:
        return replace(content, box=holder.box, ink=holder.box, surface=holder.surface)
    return Node(ids.next(), "column", holder.box, holder.box, (content,), holder.surface)
