"""Declarations as Tailwind's utilities.

Knows nothing of elements or cascades: what wins was decided before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from studio.pipeline.css_parts import split_at
from studio.pipeline.stacks.defaults import CORNERS, SIDES
from studio.pipeline.stacks.theme import Theme, parse_px

SCALE = re.compile(r"^-?\d+(?:\.(?:25|5|75))?$")
# Values that are utilities of their own, by property.
WORDS: Mapping[str, Mapping[str, str]] = {
    "display": {
        **{
            w: w
            for w in (
                "block",
                "inline-block",
                "inline",
                "flex",
                "inline-flex",
                "grid",
                "inline-grid",
                "contents",
                "flow-root",
                "list-item",
                "table",
                "table-row",
                "table-cell",
                "inline-table",
                "table-caption",
            )
        },
        "none": "hidden",
    },
    "position": {w: w for w in ("static", "relative", "absolute", "fixed", "sticky")},
    "flex-direction": {
        "row": "flex-row",
        "column": "flex-col",
        "row-reverse": "flex-row-reverse",
        "column-reverse": "flex-col-reverse",
    },
    "flex-wrap": {
        "wrap": "flex-wrap",
        "nowrap": "flex-nowrap",
        "wrap-reverse": "flex-wrap-reverse",
    },
    "font-style": {"italic": "italic", "normal": "not-italic"},
    "text-decoration-line": {
        "underline": "underline",
        "none": "no-underline",
        "line-through": "line-through",
        "overline": "overline",
    },
    "text-transform": {
        "uppercase": "uppercase",
        "lowercase": "lowercase",
        "capitalize": "capitalize",
        "none": "normal-case",
    },
    "text-align": {w: f"text-{w}" for w in ("left", "center", "right", "justify", "start", "end")},
    "white-space": {
        w: f"whitespace-{w}"
        for w in ("normal", "nowrap", "pre", "pre-line", "pre-wrap", "break-spaces")
    },
    "overflow-wrap": {
        "break-word": "wrap-break-word",
        "anywhere": "wrap-anywhere",
        "normal": "wrap-normal",
    },
    "text-wrap": {w: f"text-{w}" for w in ("wrap", "nowrap", "balance", "pretty")},
    "text-overflow": {"ellipsis": "text-ellipsis", "clip": "text-clip"},
    "vertical-align": {
        w: f"align-{w}"
        for w in ("baseline", "top", "middle", "bottom", "text-top", "text-bottom", "sub", "super")
    },
    "list-style-type": {w: f"list-{w}" for w in ("none", "disc", "decimal")},
    "list-style-position": {w: f"list-{w}" for w in ("inside", "outside")},
    "object-fit": {w: f"object-{w}" for w in ("contain", "cover", "fill", "none", "scale-down")},
    "border-collapse": {"collapse": "border-collapse", "separate": "border-separate"},
    "table-layout": {"auto": "table-auto", "fixed": "table-fixed"},
    "visibility": {"hidden": "invisible", "visible": "visible", "collapse": "collapse"},
    "box-sizing": {"border-box": "box-border", "content-box": "box-content"},
    "appearance": {"none": "appearance-none", "auto": "appearance-auto"},
    "pointer-events": {"none": "pointer-events-none", "auto": "pointer-events-auto"},
    "float": {"left": "float-left", "right": "float-right", "none": "float-none"},
    "clear": {w: f"clear-{w}" for w in ("left", "right", "both", "none")},
    "justify-content": {
        "flex-start": "justify-start",
        "start": "justify-start",
        "flex-end": "justify-end",
        "end": "justify-end",
        "center": "justify-center",
        "space-between": "justify-between",
        "space-around": "justify-around",
        "space-evenly": "justify-evenly",
        "stretch": "justify-stretch",
        "normal": "justify-normal",
    },
    "align-items": {
        "flex-start": "items-start",
        "start": "items-start",
        "flex-end": "items-end",
        "end": "items-end",
        "center": "items-center",
        "baseline": "items-baseline",
        "stretch": "items-stretch",
    },
    "align-self": {
        "auto": "self-auto",
        "flex-start": "self-start",
        "start": "self-start",
        "flex-end": "self-end",
        "end": "self-end",
        "center": "self-center",
        "stretch": "self-stretch",
        "baseline": "self-baseline",
    },
    "align-content": {
        "center": "content-center",
        "flex-start": "content-start",
        "start": "content-start",
        "flex-end": "content-end",
        "space-between": "content-between",
    },
    "justify-items": {w: f"justify-items-{w}" for w in ("start", "end", "center", "stretch")},
    "justify-self": {w: f"justify-self-{w}" for w in ("auto", "start", "end", "center", "stretch")},
    "place-items": {w: f"place-items-{w}" for w in ("start", "end", "center", "stretch")},
    "place-content": {
        "center": "place-content-center",
        "start": "place-content-start",
        "end": "place-content-end",
    },
    "background-size": {"cover": "bg-cover", "contain": "bg-contain", "auto": "bg-auto"},
    "background-position": {
        **{w: f"bg-{w}" for w in ("center", "top", "bottom", "left", "right")},
        "center center": "bg-center",
        "50% 50%": "bg-center",
    },
    "background-repeat": {w: f"bg-{w}" for w in ("repeat", "no-repeat", "repeat-x", "repeat-y")},
    "grid-auto-flow": {
        "row": "grid-flow-row",
        "column": "grid-flow-col",
        "dense": "grid-flow-dense",
    },
    "font-weight": {
        "100": "font-thin",
        "200": "font-extralight",
        "300": "font-light",
        "400": "font-normal",
        "normal": "font-normal",
        "500": "font-medium",
        "600": "font-semibold",
        "700": "font-bold",
        "bold": "font-bold",
        "800": "font-extrabold",
        "900": "font-black",
    },
    "box-shadow": {"none": "shadow-none"},
    "user-select": {w: f"select-{w}" for w in ("none", "text", "all", "auto")},
    "resize": {
        "none": "resize-none",
        "vertical": "resize-y",
        "horizontal": "resize-x",
        "both": "resize",
    },
    "outline": {"none": "outline-none", "0": "outline-none"},
    "isolation": {"isolate": "isolate"},
    "flex-grow": {"1": "grow", "0": "grow-0"},
    "flex-shrink": {"1": "shrink", "0": "shrink-0"},
}
LENGTHS = {
    "width": "w",
    "height": "h",
    "min-width": "min-w",
    "min-height": "min-h",
    "max-width": "max-w",
    "max-height": "max-h",
    "top": "top",
    "right": "right",
    "bottom": "bottom",
    "left": "left",
    "flex-basis": "basis",
    "row-gap": "gap-y",
    "column-gap": "gap-x",
    "text-indent": "indent",
    "scroll-margin-top": "scroll-mt",
    **{f"margin-{side}": f"m{side[0]}" for side in SIDES},
    **{f"padding-{side}": f"p{side[0]}" for side in SIDES},
}
# Properties whose negative values are written as a minus before the utility's name.
SIGNED = ("margin", "top", "right", "bottom", "left", "text-indent")
KEYWORDS = {
    "auto": "auto",
    "100%": "full",
    "50%": "1/2",
    "fit-content": "fit",
    "min-content": "min",
    "max-content": "max",
}
ARBITRARY = {
    "grid-template-columns": "grid-cols",
    "grid-template-rows": "grid-rows",
    "grid-column": "col",
    "grid-row": "row",
    "line-height": "leading",
    "letter-spacing": "tracking",
    "aspect-ratio": "aspect",
    "z-index": "z",
    "order": "order",
    "object-position": "object",
    "flex-grow": "grow",
    "flex-shrink": "shrink",
    "grid-auto-rows": "auto-rows",
    "box-shadow": "shadow",
    "cursor": "cursor",
    "background-image": "bg",
    "transform-origin": "origin",
    "columns": "columns",
}
PILL = 999.0  # px from which a radius means round ends, whatever its number
# Utilities that set several sides at once, for sides that agree.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("inset-{}", ("top-{}", "right-{}", "bottom-{}", "left-{}")),
    *((f"{k}-{{}}", tuple(f"{k}{s}-{{}}" for s in "trbl")) for k in "mp"),
    *(
        (f"{k}{axis}-{{}}", tuple(f"{k}{s}-{{}}" for s in sides))
        for k in "mp"
        for axis, sides in (("x", "rl"), ("y", "tb"))
    ),
    ("gap-{}", ("gap-y-{}", "gap-x-{}")),
    ("size-{}", ("w-{}", "h-{}")),
    ("overflow-{}", ("overflow-x-{}", "overflow-y-{}")),
)


def write_utilities(values: Mapping[str, str], theme: Theme) -> list[str]:
    """Return the classes that declare what `values` (longhands) declare."""
    rest = dict(values)
    names = [*_write_flex(rest), *_write_borders(rest, theme), *_write_corners(rest, theme)]
    names += [_write_utility(name, value, theme) for name, value in rest.items()]
    return _join_sides(names)


def _write_utility(name: str, value: str, theme: Theme) -> str:
    if (word := WORDS.get(name, {}).get(value)) is not None:
        return word
    if name in SPECIAL:
        return SPECIAL[name](value, theme)
    flat = theme.flat(value)
    if name in LENGTHS:
        return _write_length(name, flat)
    if name in ("overflow-x", "overflow-y"):
        return f"{name}-{flat}"
    if name in ARBITRARY:
        return _write_scaled(name, flat) or f"{ARBITRARY[name]}-{_write_bracket(flat)}"
    return f"[{name}:{_escape_blanks(flat)}]"


def _write_length(name: str, value: str) -> str:
    short = LENGTHS[name]
    if name == "max-width" and value == "none":
        return "max-w-none"
    if value in KEYWORDS and not (value == "50%" and "gap" in name):
        return f"{short}-{KEYWORDS[value]}"
    if value == "100vh" and "height" in name:
        return f"{short}-screen"
    if value == "1px":
        return f"{short}-px"
    size = parse_px(value)
    is_negative = value.startswith("-") and name.startswith(SIGNED) and size is not None
    minus = "-" if is_negative else ""
    if size is not None and SCALE.match(number := f"{abs(size) / 4:g}") and (size >= 0 or minus):
        return f"{minus}{short}-{number}"
    return f"{minus}{short}-{_write_bracket(value.removeprefix('-') if minus else value)}"


def _write_scaled(name: str, value: str) -> str | None:
    if name == "line-height":
        if value == "1":
            return "leading-none"
        size = parse_px(value) if value != "0" else None
        return (
            f"leading-{size / 4:g}" if size is not None and SCALE.match(f"{size / 4:g}") else None
        )
    if name in ("z-index", "order") and re.fullmatch(r"\d+", value):
        return f"{ARBITRARY[name]}-{value}"
    if name == "letter-spacing" and value in ("0", "normal"):
        return "tracking-normal"
    if name == "cursor" and re.fullmatch(r"[a-z-]+", value):
        return f"cursor-{value}"
    if found := re.fullmatch(r"repeat\((\d+),\s*minmax\(0,\s*1fr\)\)", value):
        return f"{ARBITRARY[name]}-{found[1]}"
    if value == "minmax(0, 1fr)" and name.startswith("grid-template"):
        return f"{ARBITRARY[name]}-1"
    if (found := re.fullmatch(r"span (\d+)(?: / span \1)?", value)) and name in (
        "grid-column",
        "grid-row",
    ):
        return f"{ARBITRARY[name]}-span-{found[1]}"
    if name in ("grid-column", "grid-row") and value == "1 / -1":
        return f"{ARBITRARY[name]}-span-full"
    return None


def _write_flex(rest: dict[str, str]) -> Iterator[str]:
    names = ("flex-grow", "flex-shrink", "flex-basis")
    if all(name in rest for name in names):
        grow, shrink, basis = (rest.pop(name) for name in names)
        usual = {
            ("1", "1", "0%"): "flex-1",
            ("1", "1", "auto"): "flex-auto",
            ("0", "0", "auto"): "flex-none",
            ("0", "1", "auto"): "flex-initial",
        }
        yield (
            usual.get((grow, shrink, basis)) or f"flex-{_write_bracket(f'{grow} {shrink} {basis}')}"
        )


def _write_borders(rest: dict[str, str], theme: Theme) -> Iterator[str]:
    """Yield widths, styles and colors, on all sides at once where they agree.

    Tailwind's own style is solid.
    """
    for kind in ("width", "style", "color"):
        sides = {
            side: rest.pop(name) for side in SIDES if (name := f"border-{side}-{kind}") in rest
        }
        if kind == "style":
            sides = {
                side: value
                for side, value in sides.items()
                if value not in ("none", "hidden", "solid")
            }
        values = set(sides.values())
        if len(sides) == 4 and len(values) == 1:
            yield _write_border("border", kind, values.pop(), theme)
            continue
        for side, value in sides.items():
            if kind == "style":
                yield f"[border-{side}-style:{value}]"
            else:
                yield _write_border(f"border-{side[0]}", kind, value, theme)


def _write_border(name: str, kind: str, value: str, theme: Theme) -> str:
    if kind == "style":
        return (
            f"border-{value}"
            if value in ("solid", "dashed", "dotted", "double")
            else f"[border-style:{value}]"
        )
    if kind == "color":
        return f"{name}-{_color(value, theme, 'color')}"
    flat = theme.flat(value)
    whole = re.fullmatch(r"(\d+)(?:px)?", flat)
    if whole:
        return name if whole[1] == "1" else f"{name}-{whole[1]}"
    return f"{name}-{_write_bracket({'medium': '3px', 'thin': '1px', 'thick': '5px'}.get(flat, flat), 'length')}"


def _write_corners(rest: dict[str, str], theme: Theme) -> Iterator[str]:
    found = {
        c: theme.flat(rest.pop(name)) for c in CORNERS if (name := f"border-{c}-radius") in rest
    }
    if len(found) == 4 and len(set(found.values())) == 1:
        yield f"rounded-{_write_radius(found['top-left'], theme)}"
        return
    for side, pair in (("t", CORNERS[:2]), ("b", CORNERS[2:])):
        if all(c in found for c in pair) and found[pair[0]] == found[pair[1]]:
            yield f"rounded-{side}-{_write_radius(found.pop(pair[0]), theme)}"
            del found[pair[1]]
    for corner, value in found.items():
        short = "".join(word[0] for word in corner.split("-"))
        yield f"rounded-{short}-{_write_radius(value, theme)}"


def _write_radius(value: str, theme: Theme) -> str:
    size = parse_px(value)
    if size is None:
        return _write_bracket(value)
    if size >= PILL:
        return "full"
    return theme.radii.get(size, _write_bracket(value))


def _color(value: str, theme: Theme, hint: str) -> str:
    if (name := theme.color_of(value)) is not None:
        return name
    words = {"transparent": "transparent", "currentcolor": "current", "inherit": "inherit"}
    if value.lower() in words:
        return words[value.lower()]
    flat = theme.flat(value)
    return _write_bracket(flat, "" if flat.startswith("#") else hint)


def _write_font_size(value: str, theme: Theme) -> str:
    name = theme.size_of(value)
    return f"text-{name}" if name else f"text-{_write_bracket(theme.flat(value), 'length')}"


def _write_font_family(value: str, theme: Theme) -> str:
    if value in theme.fonts:
        return f"font-{theme.fonts[value]}"
    generic = {"sans-serif": "font-sans", "serif": "font-serif", "monospace": "font-mono"}
    if theme.is_whole_application and value in generic:
        return generic[value]
    for family, name in theme.fonts.items():
        if value == "monospace" and family.startswith(value):
            return f"font-{name}"
    return f"[font-family:{_escape_blanks(theme.flat(value))}]"


def _write_opacity(value: str, theme: Theme) -> str:
    flat = theme.flat(value)
    if re.fullmatch(r"[\d.]+", flat) and SCALE.match(f"{float(flat) * 100:g}"):
        return f"opacity-{float(flat) * 100:g}"
    return f"opacity-{_write_bracket(flat)}"


SPECIAL: Mapping[str, Callable[[str, Theme], str]] = {
    "color": lambda v, t: f"text-{_color(v, t, 'color')}",
    "background-color": lambda v, t: f"bg-{_color(v, t, 'color')}",
    "text-decoration-color": lambda v, t: f"decoration-{_color(v, t, 'color')}",
    "font-size": _write_font_size,
    "font-family": _write_font_family,
    "opacity": _write_opacity,
    "background-position": lambda v, t: f"bg-[position:{_escape_blanks(t.flat(v))}]",
    "background-size": lambda v, t: f"bg-[length:{_escape_blanks(t.flat(v))}]",
    "font-weight": lambda v, t: f"font-[{t.flat(v)}]" if v.isdigit() else f"[font-weight:{v}]",
    "background-image": lambda v, t: (
        "bg-none" if v == "none" else f"bg-[image:{_escape_blanks(t.flat(v))}]"
    ),
    "line-height": lambda v, t: (
        _write_scaled("line-height", t.flat(v)) or f"leading-{_write_bracket(t.flat(v))}"
    ),
}


def _write_bracket(value: str, hint: str = "") -> str:
    """Return an arbitrary value; `hint` is its type where the value does not show it."""
    type_hint = hint if hint and ("(" in value or not re.match(r"^[\d#.-]", value)) else ""
    return f"[{type_hint}:{_escape_blanks(value)}]" if type_hint else f"[{_escape_blanks(value)}]"


def _escape_blanks(value: str) -> str:
    """Return the value without blanks, which a class cannot hold: underscores represent them."""
    value = value.replace("_", r"\_")
    return "_".join(split_at(value, " ")).replace(", ", ",").replace(" ", "_").replace('"', "'")


def _join_sides(names: list[str]) -> list[str]:
    """Return 'px-4' for 'pl-4' and 'pr-4', and so on, from all sides down to two."""
    out = list(dict.fromkeys(names))
    for whole, parts in GROUPS:
        start, _, end = parts[0].partition("{}")
        for name in list(out):
            minus = "-" if name.startswith("-") else ""
            bare = name.removeprefix("-")
            if not (bare.startswith(start) and bare.endswith(end)):
                continue
            value = bare[len(start) :]
            sides = [minus + part.format(value) for part in parts]
            if all(side in out for side in sides):
                place = out.index(sides[0])
                out = [kept for kept in out if kept not in sides]
                out.insert(min(place, len(out)), minus + whole.format(value))
    return out
