"""Components: what repeats gets one name and equal labels, also where single parts differ.

Two groups are instances of one component if most of their leaves are set alike, in one order: a badge
here or a missing picture there does not part them. Instances are sought among siblings first and then
across the page's rows and sections.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from studio.pipeline.labelling.rules.component_names import (
    make_plural,
    name_component,
    name_sections,
)
from studio.pipeline.layout.nodes import Label, Node

CALL_WORDS = 4  # of a link that each card ends with
BOLD = 600  # the weight from which text counts as bold
SIZE_SLACK = 1.6  # px by which sizes of one slot's texts may differ
ALIKE = 0.6  # share of leaves that siblings of one component have in common
ALIKE_TWINS = 0.4  # the same for boxes of one paint and one size
TWIN_SLACK = 3.0  # px by which the sides of such boxes may differ
ALIKE_ACROSS = 0.75  # the same for groups in other places of the page
ALIKE_STATES = 0.8  # the same where only one of the two is painted: a highlighted one
WIDTH_SLACK = 0.12  # share by which painted instances may differ in width
MOST_LEAVES = 60  # larger groups are sections, not components
USUAL = 2 / 3  # share of a parent's children from which the parent is the instances' container
CONTROLS = ("button", "badge", "field", "choice")
CONTAINERS = ("cards", "columns", "row", "column", "group", "panel", "list", "stack")


@dataclass
class RepeatedPart:
    """Groups that are built alike, and what each of them stands in."""

    instances: list[Node] = field(default_factory=list)
    parents: list[Node] = field(default_factory=list)

    @property
    def pivot(self) -> Node:
        """Return the first of the instances that have most parts."""
        return max(self.instances, key=lambda node: len(list_leaves(node)))


def label_components(page: Node) -> Node:
    """Return the tree with names on components and their containers, and equal labels in them."""
    components = _merge_across(list(find_sibling_components(page)))
    labels: dict[int, Label] = {}
    for component in components:
        _share_labels(component, labels)
    taken: set[str] = set()
    for component in components:
        if component.parents[0].label.role in ("nav", "list"):
            continue  # a nav's links and a list's items are called after these
        name = name_component(component.instances, component.pivot, component.parents[0], taken)
        taken |= {name, make_plural(name)}
        for node in component.instances:
            labels[node.id] = replace(labels.get(node.id, node.label), name=name)
        for parent in component.parents:
            if parent.label.role in CONTAINERS and _is_container(parent, component):
                old = labels.get(parent.id, parent.label)
                labels[parent.id] = replace(old, name=make_plural(name))
    return name_sections(_set_labels(page, labels), taken)


def list_leaves(node: Node) -> list[Node]:
    """Return the texts, pictures, controls and tables below a node, in reading order."""
    if not node.children or node.label.role in CONTROLS or node.flow == "table":
        return [node]
    return [leaf for child in node.children for leaf in list_leaves(child)]


def find_sibling_components(node: Node) -> Iterator[RepeatedPart]:
    """Yield what repeats among the children of each group at and below the node."""
    if node.label.role in CONTROLS or node.flow in ("table", "stack"):
        return
    remaining = [child for child in node.children if _can_be_instance(child)]
    while remaining:
        first = remaining[0]
        alike = [child for child in remaining if child is first or _are_alike(first, child)]
        remaining = [child for child in remaining if child not in alike]
        fewest = 2 if len(list_leaves(first)) > 2 or node.flow != "column" else 3
        if len(alike) >= fewest:
            yield RepeatedPart(alike, [node])
    for child in node.children:
        yield from find_sibling_components(child)


def _can_be_instance(node: Node) -> bool:
    if node.flow not in ("column", "row", "grid", "stack") or node.label.role in CONTROLS:
        return False
    if node.label.role in ("nav", "header", "footer", "section", "hero", "list", "form"):
        return False
    return 2 <= len(list_leaves(node)) <= MOST_LEAVES and not _holds_instances(node)


def _holds_instances(node: Node) -> bool:
    """Return True for a row of things that are alike, which is no instance itself."""
    first, *others = node.children or (node,)
    are_groups = len(list_leaves(first)) >= 2 and first.flow not in ("text", "table")
    return are_groups and bool(others) and all(_are_alike(first, other) for other in others)


def _are_alike(one: Node, other: Node) -> bool:
    common = measure_likeness(one, other)
    if (one.surface is None) != (other.surface is None):
        return common >= ALIKE_STATES
    if _are_twins(one, other):
        return common >= ALIKE_TWINS
    return common >= ALIKE and _have_one_width(one, other)


def _are_twins(one: Node, other: Node) -> bool:
    """Return True for two boxes of one paint and one size, such as the cards of a row."""
    first, second = one.surface, other.surface
    if first is None or second is None or first.picture is not None:
        return False
    looks = [(each.fill, each.border is None, each.shadow is None) for each in (first, second)]
    sides = (one.box.width - other.box.width, one.box.height - other.box.height)
    return looks[0] == looks[1] and max(map(abs, sides)) <= TWIN_SLACK


def _have_one_width(one: Node, other: Node) -> bool:
    if one.surface is None:
        return True
    widest = max(one.box.width, other.box.width)
    return abs(one.box.width - other.box.width) <= WIDTH_SLACK * widest


def measure_likeness(one: Node, other: Node) -> float:
    """Return the share of leaves that two groups have in common, in one order."""
    first, second = list_leaves(one), list_leaves(other)
    common = len(align_leaves(first, second))
    return 2 * common / (len(first) + len(second))


def align_leaves(first: Sequence[Node], second: Sequence[Node]) -> list[tuple[int, int]]:
    """Return the places of the longest common run of leaves in both."""
    table = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i in range(len(first) - 1, -1, -1):
        for j in range(len(second) - 1, -1, -1):
            if _are_one_slot(first[i], second[j]):
                table[i][j] = table[i + 1][j + 1] + 1
            else:
                table[i][j] = max(table[i + 1][j], table[i][j + 1])
    pairs = []
    i = j = 0
    while i < len(first) and j < len(second):
        if _are_one_slot(first[i], second[j]):
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def _are_one_slot(one: Node, other: Node) -> bool:
    if one.flow == "text" and other.flow == "text":
        is_near = abs(one.style.size - other.style.size) <= SIZE_SLACK
        return is_near and (one.style.weight >= BOLD) == (other.style.weight >= BOLD)
    if one.label.role in CONTROLS or other.label.role in CONTROLS:
        return one.label.role == other.label.role
    if one.flow == "picture" and other.flow == "picture":
        return one.label.role == other.label.role
    return one.flow == other.flow


def _merge_across(found: Sequence[RepeatedPart]) -> list[RepeatedPart]:
    """Return the components with those that look alike in other rows and sections joined."""
    merged: list[RepeatedPart] = []
    for component in found:
        for other in merged:
            if _are_same_component(component, other):
                other.instances += component.instances
                other.parents += component.parents
                break
        else:
            merged.append(RepeatedPart(list(component.instances), list(component.parents)))
    return merged


def _are_same_component(one: RepeatedPart, other: RepeatedPart) -> bool:
    first, second = one.pivot, other.pivot
    if (first.surface is None) != (second.surface is None):
        return False
    return measure_likeness(first, second) >= ALIKE_ACROSS and _have_one_width(first, second)


def _is_container(parent: Node, component: RepeatedPart) -> bool:
    ids = {node.id for node in component.instances}
    children = [child for child in parent.children if child.flow != "rule"]
    return sum(child.id in ids for child in children) >= USUAL * len(children)


def _share_labels(component: RepeatedPart, labels: dict[int, Label]) -> None:
    """Give the instances, and the texts of each slot, the label that most of them have."""
    roots = Counter(
        (node.label.tag, node.label.role)
        for node, parent in _pair_parents(component)
        if parent is None or parent.label.role not in ("list", "nav")
    ) or Counter((node.label.tag, node.label.role) for node in component.instances)
    (tag, role), _ = roots.most_common(1)[0]
    for node, parent in _pair_parents(component):
        if parent is None or parent.label.role not in ("list", "nav"):
            labels[node.id] = replace(labels.get(node.id, node.label), tag=tag, role=role)
    pivot = list_leaves(component.pivot)
    slots: list[list[Node]] = [[] for _ in pivot]
    listed = {entry.id for node in component.instances for entry in _list_entries(node)}
    for node in component.instances:
        leaves = list_leaves(node)
        for i, j in align_leaves(pivot, leaves):
            slots[i].append(leaves[j])
    for slot in slots:
        texts = [node for node in slot if node.flow == "text" and node.id not in listed]
        votes = Counter((node.label.tag, node.label.role) for node in texts)
        if len(votes) > 1:
            (tag, role), _ = votes.most_common(1)[0]
            for node in texts:
                labels[node.id] = replace(node.label, tag=tag, role=role)
    for node in _find_calls(pivot, slots):
        labels[node.id] = replace(node.label, tag="a", role="link")


def _pair_parents(component: RepeatedPart) -> Iterator[tuple[Node, Node | None]]:
    """Yield each instance with the group that it stands in."""
    parents = {child.id: parent for parent in component.parents for child in parent.children}
    for node in component.instances:
        yield node, parents.get(node.id)


def _find_calls(pivot: Sequence[Node], slots: Sequence[Sequence[Node]]) -> list[Node]:
    """Return the words that each instance ends with, the same in all, bold in a color of their own: a
    link such as "Find a home".
    """
    texts = [i for i, leaf in enumerate(pivot) if leaf.flow == "text"]
    if len(texts) < 2 or texts[-1] != len(pivot) - 1:
        return []
    before, last, slot = pivot[texts[-2]], pivot[-1], slots[-1]
    are_same = len(slot) > 1 and len({node.text for node in slot}) == 1
    is_set_off = last.style.weight >= BOLD > before.style.weight
    is_call = len(last.text.split()) <= CALL_WORDS and not any(c.isdigit() for c in last.text)
    is_plain = all(node.label.role in ("text", "heading") for node in slot)
    if not (are_same and is_set_off and is_call and is_plain):
        return []
    return list(slot) if last.style.color != before.style.color else []


def _list_entries(node: Node) -> Iterator[Node]:
    """Yield the entries of lists and navs: a paragraph in their place elsewhere is no link for it."""
    for group in node.walk():
        if group.label.role in ("list", "nav"):
            yield from group.children


def _set_labels(node: Node, labels: dict[int, Label]) -> Node:
    children = tuple(_set_labels(child, labels) for child in node.children)
    return replace(node, label=labels.get(node.id, node.label), children=children)
