"""Sidebars read line by line: whatever groups the layout cut, a menu's entries are lines of one column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from studio.pipeline.labelling.rules.menus import find_entry_text, is_entry, is_menu
from studio.pipeline.labelling.rules.table_cells import join_cell_parts
from studio.pipeline.layout.bands import split_into_bands
from studio.pipeline.layout.nodes import Node

TALLEST_STROKE = 40.0  # px of an upright line beside entries; a taller one belongs to several lines
FLAT = ("column", "row")  # parts of a stack lie over each other, so that they are no lines


def count_loose_entries(sidebar: Node) -> int:
    """Return how many of the sidebar's short words are in no menu."""
    words = sum(is_entry(node) for node in sidebar.walk())
    menus = [node for node in sidebar.walk() if is_menu(node)]
    listed = {entry.id for menu in menus for entry in menu.children if find_entry_text(entry)}
    return words - len(listed)


def split_into_lines(sidebar: Node) -> Node:
    """Return the sidebar as a column of its lines, each with its icons and its words."""
    leaves = [leaf for child in sidebar.children for leaf in _list_parts(child)]
    parts = [part for part in leaves if not _is_upright_stroke(part)]
    if not parts:
        return sidebar
    bands = split_into_bands(parts, vertical=True)
    lines = tuple(_make_line(band) for band in bands)
    return replace(sidebar, flow="column", children=lines)


def _make_line(band: Sequence[Node]) -> Node:
    return join_cell_parts(sorted(band, key=lambda part: part.ink.x))


def _list_parts(node: Node) -> list[Node]:
    """Return what a group holds; a painted box stays whole."""
    if node.flow in FLAT and node.surface is None and node.children:
        return [part for child in node.children for part in _list_parts(child)]
    return [node]


def _is_upright_stroke(node: Node) -> bool:
    is_stroke = node.flow == "rule" and node.box.height > node.box.width
    return is_stroke and node.box.height > TALLEST_STROKE
