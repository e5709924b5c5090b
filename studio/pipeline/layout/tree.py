"""The layout tree of a mockup: what stands in what, cut into rows and columns. Owns order, text, sizes and colours.

Says nothing of meaning: labels come from `rules` or a model, code from `expand`.
"""

from __future__ import annotations

from dataclasses import replace

from studio.pipeline.layout.aligned_tables import find_tables, ruled_table
from studio.pipeline.layout.containment import Holder, nest, surface_of
from studio.pipeline.layout.cuts import cut
from studio.pipeline.layout.line_heights import share_leading
from studio.pipeline.layout.list_runs import find_lists
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.noise import tidy
from studio.pipeline.layout.page_sections import find_sections
from studio.pipeline.layout.paragraphs import Ids, text_nodes
from studio.pipeline.layout.repeats import find_repeats
from studio.pipeline.layout.ruled_tables import find_lattices
from studio.pipeline.layout.text_styles import settle
from studio.pipeline.perception.hints import Hints

__all__ = ["Node", "build_tree"]


def build_tree(hints: Hints) -> Node:
    """The page as one node. Deterministic; an empty mockup gives a page without children."""
    ids = Ids()
    seen = tidy(hints)
    seen = replace(seen, texts=tuple(settle(seen.texts)))
    rest, lattices = find_lattices(seen)
    page = nest(rest, list(rest.texts), lattices)
    texts = _texts(page, ids)
    root = _build(page, texts, ids)
    return find_sections(find_repeats(find_lists(find_tables(root, ids), ids), ids), ids)


def _texts(page: Holder, ids: Ids) -> dict[int, list[Node]]:
    """Text nodes per holder, with line heights shared over the whole page."""
    found: list[tuple[int, Node]] = []
    queue = [page]
    for holder in queue:
        obstacles = [h.box for h in holder.holders] + [p.box for p in holder.pictures] + [r.box for r in holder.rules]
        obstacles += [lattice.box for lattice in holder.lattices]
        found += [(id(holder), node) for node in text_nodes(holder.texts, obstacles, ids)]
        queue += holder.holders
    shared = share_leading([node for _, node in found])
    out: dict[int, list[Node]] = {}
    for (key, _), node in zip(found, shared, strict=True):
        out.setdefault(key, []).append(node)
    return out


def _build(holder: Holder, texts: dict[int, list[Node]], ids: Ids) -> Node:
    items = list(texts.get(id(holder), []))
    items += [Node(ids.next(), "picture", p.box, p.box, picture=p) for p in holder.pictures]
    items += [Node(ids.next(), "rule", r.box, r.box, surface=surface_of(r)) for r in holder.rules]
    items += [_build(inner, texts, ids) for inner in holder.holders]
    items += [ruled_table(lattice, ids) for lattice in holder.lattices]
    if not items:
        return Node(ids.next(), "shape", holder.box, holder.box, surface=holder.surface)
    content = cut(items, ids)
    if content.flow in ("column", "row", "stack") and content.surface is None:
        return replace(content, box=holder.box, ink=holder.box, surface=holder.surface)
    return Node(ids.next(), "column", holder.box, holder.box, (content,), holder.surface)
