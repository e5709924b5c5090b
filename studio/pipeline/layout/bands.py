"""Items separated by straight lines across them."""

from __future__ import annotations

from collections.abc import Sequence

from studio.pipeline.layout.nodes import Node

OVERLAP = 2.5  # px by which separate items may overlap: antialiasing, borders, descenders


def split_into_bands(items: Sequence[Node], *, vertical: bool) -> list[list[Node]]:
    """Return the items separated wherever a straight line across meets none of them, in order."""

    def start(node: Node) -> float:
        return node.ink.y if vertical else node.ink.x

    def end(node: Node) -> float:
        return node.ink.bottom if vertical else node.ink.right

    bands: list[list[Node]] = []
    reach = float("-inf")
    for node in sorted(items, key=lambda n: (start(n), end(n), n.id)):
        slack = min(OVERLAP, 0.3 * (end(node) - start(node)))
        if start(node) >= reach - slack:
            bands.append([])
        bands[-1].append(node)
        reach = max(reach, end(node))
    return bands
