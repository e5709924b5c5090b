"""Containment: every rectangle, picture and line belongs to the smallest surface around it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from studio.pipeline.layout.nodes import Surface
from studio.pipeline.layout.noise import is_rule
from studio.pipeline.layout.ruled_tables import Lattice
from studio.pipeline.perception.hints import Box, Hints, Picture, Rect, TextLine


@dataclass
class Holder:
    """A surface and what is directly on it."""

    box: Box
    surface: Surface | None
    texts: list[TextLine] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    rules: list[Rect] = field(default_factory=list)
    holders: list[Holder] = field(default_factory=list)
    lattices: list[Lattice] = field(default_factory=list)


def nest_items(hints: Hints, texts: list[TextLine], lattices: list[Lattice]) -> Holder:
    page = Holder(Box(0, 0, hints.width, hints.height), Surface(hints.background))
    holders = _list_holders(hints)
    parents: dict[int, list[Holder]] = defaultdict(list)
    for i, holder in enumerate(holders):
        around = [
            other
            for other in holders[:i]
            if other.box.contains(holder.box, 3) and other.box.area > holder.box.area
        ]
        parent = min(around, key=lambda other: other.box.area, default=page)
        parents[id(parent)].append(holder)
    for holder in [page, *holders]:
        holder.holders = parents[id(holder)]
    for rule in hints.rects:
        if is_rule(rule):
            _find_smallest(page, holders, rule.box).rules.append(rule)
    for picture in hints.pictures:
        if not picture.background:
            _find_smallest(page, holders, picture.box).pictures.append(picture)
    for lattice in lattices:
        _find_smallest(page, holders, lattice.box).lattices.append(lattice)
    for line in texts:
        _find_smallest(page, holders, line.box).texts.append(line)
    return page


def _list_holders(hints: Hints) -> list[Holder]:
    """Return the surfaces, largest first; equal areas in painting order."""
    holders = [Holder(r.box, find_surface(r)) for r in hints.rects if not is_rule(r)]
    holders += [
        Holder(p.box, Surface(radius=p.radius, picture=p)) for p in hints.pictures if p.background
    ]
    return sorted(holders, key=lambda h: -h.box.area)


def find_surface(rect: Rect) -> Surface:
    return Surface(
        rect.fill,
        rect.border,
        rect.radius,
        rect.shadow,
        rect.gradient,
        gradient_angle=rect.gradient_angle,
        gradient_shape=rect.gradient_shape,
        gradient_center=rect.gradient_center,
    )


def _find_smallest(page: Holder, holders: list[Holder], box: Box) -> Holder:
    around = [
        h
        for h in holders
        if h.box.intersection(box) >= 0.8 * box.area and h.box.area > box.area * 0.9
    ]
    return min(around, key=lambda h: h.box.area, default=page)
