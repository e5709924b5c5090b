"""Lists of details: terms with their values, below each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from studio.pipeline.labelling.rules.list_nodes import make_list
from studio.pipeline.labelling.rules.text_facts import TERM
from studio.pipeline.layout.nodes import Node

FEWEST = 2  # details of a list


def gather_terms(column: Node) -> Node:
    """Return a column with its runs of rows of a term and its value as lists."""
    gathered: list[Node] = []
    run: list[Node] = []
    for child in [*column.children, None]:
        if child is not None and _is_term_row(child):
            run.append(child)
            continue
        gathered += [make_list(_mark_items(run))] if len(run) >= FEWEST else run
        run = []
        if child is not None:
            gathered.append(child)
    if len(gathered) == len(column.children):
        return column
    if len(gathered) == 1 and column.surface is None:
        return replace(column, children=gathered[0].children, label=gathered[0].label)
    return replace(column, children=tuple(gathered))


def _is_term_row(node: Node) -> bool:
    """Return True for "Genre: Action", side by side."""
    if node.flow != "row" or node.surface is not None or len(node.children) != 2:
        return False
    term, value = node.children
    are_texts = term.flow == "text" and value.flow == "text"
    return are_texts and bool(TERM.match(term.text)) and len(value.lines) == 1


def _mark_items(rows: Sequence[Node]) -> list[Node]:
    return [replace(row, label=replace(row.label, role="item")) for row in rows]
