"""The layout tree of a mockup: what stands in what, cut into rows and columns. Owns order, text,
sizes and colours.

Says nothing of meaning: labels come from `rules` or a model, code from `expand`.
"""

from __future__ import annotations

from dataclasses import replace

from studio.pipeline.layout.aligned_tables import build_ruled_table_node, find_tables
from studio.pipeline.layout.chips import absorb_chips
from studio.pipeline.layout.containment import Holder, find_surface, nest_items
from studio.pipeline.layout.cuts import cut_items
from studio.pipeline.layout.direction import mirror_hints, page_direction
from studio.pipeline.layout.leading_ratios import set_leading_ratios
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
    """The page as one node. Deterministic; an empty mockup gives a page without children."""
    ids = Ids()
    direction = page_direction(hints)
    hints = absorb_chips(hints)
    seen = remove_noise(mirror_hints(hints) if direction == "rtl" else hints)
    seen = replace(seen, texts=tuple(settle_styles(seen.texts)))
    rest, lattices = find_lattices(seen)
    page = nest_items(rest, list(rest.texts), lattices)
    texts = _make_texts(page, ids)
    root = _build_node(page, texts, ids)
    tree = find_sections(find_repeats(find_lists(find_tables(root, ids), ids), ids), ids)
    return replace(set_leading_ratios(tree), direction=direction)


def _make_texts(page: Holder, ids: Ids) -> dict[int, list[Node]]:
    """Text nodes per holder, with line heights shared over the whole page."""
    found: list[tuple[int, Node]] = []
    queue = [page]
    for holder in queue:
        obstacles = (
            [h.box for h in holder.holders]
            + [p.box for p in holder.pictures]
            + [r.box for r in holder.rules]
        )
        obstacles += [lattice.box for lattice in holder.lattices]
        found += [(id(holder), node) for node in make_text_nodes(holder.texts, obstacles, ids)]
        queue += holder.holders
    shared = share_line_heights([node for _, node in found])
    out: dict[int, list[Node]] = {}
    for (key, _), node in zip(found, shared, strict=True):
        out.setdefault(key, []).append(node)
    return out


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
