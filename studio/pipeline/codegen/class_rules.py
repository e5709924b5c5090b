"""Rules of classes: what elements of one name share is its rule, what sets some apart a modifier's.

Numbers that perception measured a little differently are one number. What is left over is split into
paint, type and box, so that one modifier says one thing and others can share it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from studio.pipeline.codegen.class_members import Kind, Member, collect_kinds, is_space
from studio.pipeline.codegen.element import Element, Styles, Value
from studio.pipeline.codegen.modifier_names import Facet, Variant, choose_modifier
from studio.pipeline.codegen.shared_numbers import share_numbers

Rule = tuple[str, Styles, Styles]
# What undoes a declaration on an element whose class has it.
RESETS: dict[str, Value] = {
    "max-width": "none",
    "min-width": "0",
    "min-height": "0",
    "width": "auto",
    "height": "auto",
    "white-space": "normal",
    "text-align": "start",
    "text-decoration": "none",
    "text-indent": "0",
    "background-color": "transparent",
    "background": "none",
    "background-image": "none",
    "border": "0",
    "border-top": "0",
    "border-right": "0",
    "border-bottom": "0",
    "border-left": "0",
    "border-radius": "0",
    "box-shadow": "none",
    "flex-wrap": "nowrap",
    "justify-content": "normal",
    "align-items": "normal",
    "letter-spacing": "normal",
    "font-style": "normal",
    "flex": "0 1 auto",
    "align-self": "auto",
    "justify-self": "auto",
    "grid-area": "auto",
    "list-style": "none",
}
INHERITED = ("font-size", "font-weight", "font-family", "color", "line-height")
# What shows in text only, so that an element without text need not undo it.
OF_TEXT = (*INHERITED, "text-align", "letter-spacing", "font-style", "white-space")
FACETS: dict[str, Facet] = {
    "color": "paint",
    "background": "paint",
    "background-color": "paint",
    "background-image": "paint",
    "border": "paint",
    "border-top": "paint",
    "border-right": "paint",
    "border-bottom": "paint",
    "border-left": "paint",
    "box-shadow": "paint",
    "text-decoration": "paint",
    "--placeholder": "paint",
    "font-size": "type",
    "font-weight": "type",
    "font-family": "type",
    "font-style": "type",
    "line-height": "type",
    "letter-spacing": "type",
}


def write_class_rules(root: Element, base: Styles) -> list[Rule]:
    """Give every named element its classes; return the rules in the order of the page.

    `base` are the body's styles, which elements inherit.
    """
    kinds = collect_kinds(root)
    share_numbers(root, kinds)
    rules: list[Rule] = []
    taken = {kind.name for kind in kinds}
    for kind in kinds:
        rules += _write_kind(kind, base, taken)
    return rules


def _write_kind(kind: Kind, base: Styles, taken: set[str]) -> list[Rule]:
    members = kind.members
    kind.base = _find_shared(members, [member.style for member in members], base)
    kind.small = _find_shared(members, [member.small for member in members], base)
    has_rule = bool(kind.base or kind.small)
    rules: list[Rule] = [(kind.name, kind.base, kind.small)] if has_rule else []
    if has_rule or _keeps_name(kind):
        for member in members:
            member.add_class(kind.name)
    rules += _write_modifiers(kind, base, taken)
    rules += _write_inner(kind, taken)
    return rules


def _keeps_name(kind: Kind) -> bool:
    """Return True for a component and its texts, which keep their names in every instance, though they
    look like the page.
    """
    if len(kind.members) < 2:
        return False
    elements = [member.element for member in kind.members]
    if any(element.block for element in elements):
        return True
    is_part = "__" in kind.name and not kind.name.startswith("table__")  # cells have their table's
    return is_part and all(element.text for element in elements)


def _find_shared(members: Sequence[Member], styles: Sequence[Styles], base: Styles) -> Styles:
    """Return the declarations that most members have and the others can undo."""
    shared: Styles = {}
    for key in dict.fromkeys(key for style in styles for key in style):
        values = Counter(style.get(key) for style in styles)
        most = values.most_common(1)[0][1]
        value = next(v for v in (style.get(key) for style in styles) if values[v] == most)
        lacking = values[None]
        if value is None or (lacking and _find_reset(key, base) is None):
            continue
        shared[key] = value
    return shared


def _find_reset(key: str, base: Styles) -> Value | None:
    """Return the value that undoes a declaration; None if nothing does."""
    if is_space(key):
        return 0.0
    if key in INHERITED:
        return base.get(key) if key != "font-weight" else base.get(key, "400")
    return RESETS.get(key)


def _write_modifiers(kind: Kind, base: Styles, taken: set[str]) -> Iterator[Rule]:
    groups: dict[tuple[str, object], list[tuple[Member, Styles, Styles]]] = defaultdict(list)
    for member in kind.members:
        style = _find_difference(kind.base, member, base)
        small = _find_small_difference(kind, member, style, base)
        for facet, own, own_small in _split_facets(style, small, whole=bool(member.own)):
            key = (facet, _freeze(own, own_small), member.own)
            groups[facet, key].append((member, own, own_small))
    for (facet, _), found in groups.items():
        members = [member for member, _, _ in found]
        elements = tuple(member.element for member in members)
        _, style, small = found[0]
        variant = Variant(
            kind.name, kind.base, style, elements, len(kind.members), _as_facet(facet)
        )
        name = members[0].own
        if not name or name in taken:
            name = choose_modifier(variant, taken)
        taken.add(name)
        for member in members:
            member.add_class(name)
        # A cell's class has to win over its table's rule for all cells.
        yield f"table .{name}" if kind.name == "table__cell" else name, style, small


def _as_facet(name: str) -> Facet:
    return "paint" if name == "paint" else "type" if name == "type" else "box"


def _find_difference(shared: Styles, member: Member, base: Styles) -> Styles:
    """Return what the member has to say beside its class; what it undoes comes first, because undoing
    `background` would undo a `background-color` before it, too.
    """
    style = member.style
    out: Styles = {}
    has_text = bool(member.element.text)
    for key in shared:
        if key not in style and (has_text or key not in OF_TEXT):
            reset = _find_reset(key, base)
            assert reset is not None
            out[key] = reset
    return out | {key: value for key, value in style.items() if shared.get(key) != value}


def _find_small_difference(kind: Kind, member: Member, own: Styles, base: Styles) -> Styles:
    """Return what the member has to say for narrow screens beside its class."""
    out: Styles = {
        key: value for key, value in member.small.items() if kind.small.get(key) != value
    }
    for key in kind.small:
        if key not in member.small:
            usual = member.style.get(key, _find_reset(key, base))
            if usual is not None:
                out[key] = usual
    # A modifier's own value would win over the class's value for narrow screens.
    for key in own:
        if key in kind.small and key in member.small:
            out[key] = member.small[key]
    return out


def _split_facets(
    style: Styles, small: Styles, *, whole: bool
) -> Iterator[tuple[str, Styles, Styles]]:
    if whole:
        if style or small:
            yield "box", style, small
        return
    for facet in ("paint", "type", "box"):
        own = {k: v for k, v in style.items() if FACETS.get(k, "box") == facet}
        own_small = {k: v for k, v in small.items() if FACETS.get(k, "box") == facet}
        if own or own_small:
            yield facet, own, own_small


def _freeze(style: Styles, small: Styles) -> object:
    return tuple(sorted(style.items(), key=str)), tuple(sorted(small.items(), key=str))


def _write_inner(kind: Kind, taken: set[str]) -> Iterator[Rule]:
    """Return the rules of elements inside that have no class: a table's cells."""
    groups: dict[object, list[Member]] = defaultdict(list)
    for member in kind.members:
        if member.element.inner and member.element.name == kind.name:
            groups[_freeze_inner(member.element.inner)].append(member)
    for members in groups.values():
        elements = tuple(member.element for member in members)
        name = kind.name
        if len(groups) > 1:
            name = choose_modifier(
                Variant(kind.name, {}, {}, elements, len(kind.members), "box"), taken
            )
            taken.add(name)
        if len(groups) > 1 or not elements[0].classes:
            for member in members:
                member.add_class(name)
        for part, style in elements[0].inner.items():
            yield f"{name} {part}", style, {}


def _freeze_inner(inner: Mapping[str, Styles]) -> object:
    return tuple((part, _freeze(style, {})) for part, style in sorted(inner.items()))
