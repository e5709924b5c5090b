"""Names of modifiers: what sets an element apart from others of its class, in one word."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from studio.pipeline.codegen.element import Element, Styles, Value
from studio.pipeline.layout.color_classes import compute_luminance
from studio.pipeline.layout.words import list_words, make_slug

Facet = Literal["paint", "type", "box"]
GREY = 0.12  # saturation below which a color has no hue
TRACKS = {1: "stacked", 2: "halves", 3: "thirds", 4: "quarters", 5: "fifths", 6: "sixths"}
HUES = (
    (20, "red"),
    (45, "orange"),
    (70, "yellow"),
    (165, "green"),
    (200, "cyan"),
    (255, "blue"),
    (290, "purple"),
    (340, "pink"),
    (361, "red"),
)
# Blocks of which one among several may be the chosen one.
CHOSEN = ("nav", "tab", "page", "step", "sidebar", "menu", "filter")
# How much a space or a width differs, by px.
GRADES = ((8.0, "xs"), (16.0, "sm"), (32.0, "md"), (64.0, "lg"), (float("inf"), "xl"))
GRADED = ("spaced", "roomy", "padded", "indented", "loose", "wide", "tall", "narrow", "apart")
# What several that differ in one thing only, such as their pictures, are called.
ORDINALS = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "next")
LONGEST_STATE = 2  # words of a badge that say its state
FEWEST_CHOICES = 3  # elements of a name of which one is the active one


@dataclass(frozen=True, slots=True)
class Variant:
    """Elements of one class that have further declarations in common."""

    name: str
    base: Styles
    style: Styles
    elements: tuple[Element, ...]
    count: int  # of all elements of the class
    facet: Facet


def choose_modifier(variant: Variant, taken: set[str]) -> str:
    """Return a free class name for the variant; the same one for the same page.

    What differs comes first, then how much, then what the element says.
    """
    words = list(dict.fromkeys(_list_candidates(variant)))
    graded = [f"{word}-{_grade_size(variant.style)}" for word in words if word in GRADED]
    pairs = [f"{a}-{b}" for a in words for b in words if a != b]
    said = [slug for count in (1, 2, 3) if (slug := make_slug(_get_words(variant), count))]
    inside = list_words(_get_words(variant))
    others = (said, pairs) if variant.facet == "paint" else (graded, pairs, said)
    candidates = [*words, *(word for group in others for word in group), *inside]
    candidates += [f"{word}-{ordinal}" for word in words[:1] for ordinal in ORDINALS]
    for word in (*candidates, *ORDINALS):
        name = f"{variant.name}--{word}"
        if name not in taken:
            return name
    longer = f"{variant.name}--{ORDINALS[-1]}"
    while longer in taken:
        longer += "-more"
    return longer


def _grade_size(style: Styles) -> str:
    """Return the usual short word for how large the largest length of a style is."""
    largest = max((abs(v) for v in style.values() if isinstance(v, float | int)), default=0.0)
    return next(word for limit, word in GRADES if largest <= limit)


def _get_words(variant: Variant) -> str:
    return variant.elements[0].text


def _list_candidates(variant: Variant) -> Iterator[str]:
    if variant.facet == "paint":
        yield from _list_states(variant)
        yield from _list_paints(variant)
    elif variant.facet == "type":
        yield from _list_types(variant)
    else:
        yield from _list_boxes(variant)


def _list_states(variant: Variant) -> Iterator[str]:
    block, _, part = variant.name.partition("__")
    texts = {element.text.lower() for element in variant.elements}
    if block == "badge" and len(texts) == 1:
        words = list_words(next(iter(texts)))
        if 0 < len(words) <= LONGEST_STATE:
            yield "-".join(words)
    is_one = len(variant.elements) == 1 and variant.count >= FEWEST_CHOICES
    if is_one and any(word in block for word in CHOSEN) and part in ("link", "item", "text", ""):
        yield "active"
    if is_one and "__" not in variant.name and block not in ("button", "badge", "field", "icon"):
        yield "featured"


def _list_paints(variant: Variant) -> Iterator[str]:
    style, base = variant.style, variant.base
    fill = style.get("background-color")
    border = style.get("border")
    if fill == "transparent" or (fill is None and "background-color" not in base):
        if isinstance(border, str) and border != "0":
            yield "outline"
        elif fill == "transparent":
            yield "plain"
    for key in ("background-color", "color", "--placeholder"):
        value = style.get(key)
        if isinstance(value, str) and value.startswith("#"):
            yield from _name_color(value, base.get(key), is_text=key != "background-color")
    if any(key.startswith("border") and value != "0" for key, value in style.items()):
        yield "bordered"
    if any(key.startswith("border") and value == "0" for key, value in style.items()):
        yield "borderless"
    if "box-shadow" in style:
        yield "flat" if style["box-shadow"] == "none" else "raised"
    if "text-decoration" in style:
        yield "underlined" if style["text-decoration"] == "underline" else "unlined"
    if "background" in style or "background-image" in style:
        yield "pictured"


def _name_color(color: str, other: Value | None, *, is_text: bool) -> Iterator[str]:
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    if saturation * min(lightness, 1 - lightness) * 2 >= GREY:
        yield next(name for limit, name in HUES if hue * 360 < limit)
    luminance = compute_luminance(color)
    if luminance > 0.85:  # near white
        yield "light"
    elif luminance < 0.08:  # near black
        yield "dark"
    if is_text:
        yield "muted"
    if isinstance(other, str) and other.startswith("#"):
        yield "lighter" if luminance > compute_luminance(other) else "darker"


def _list_types(variant: Variant) -> Iterator[str]:
    style, base = variant.style, variant.base
    size = style.get("font-size")
    usual = base.get("font-size")
    if isinstance(size, float | int) and isinstance(usual, float | int):
        yield "large" if size > usual else "small"
    if "font-weight" in style:
        yield "bold" if int(str(style["font-weight"])) >= 600 else "regular"
    if style.get("font-style") == "italic":
        yield "italic"
    if "font-family" in style:
        family = str(style["font-family"])
        yield "mono" if family.endswith("monospace") else "display"
    if isinstance(size, float | int):
        yield "sized"
    if "letter-spacing" in style:
        yield "tracked"
    if "line-height" in style:
        yield _compare(style["line-height"], base.get("line-height"), "airy", "tight")


def _compare(value: Value, other: Value | None, more: str, less: str) -> str:
    if isinstance(value, str) or isinstance(other, str) or other is None:
        return more
    return more if value > other else less


def _list_boxes(variant: Variant) -> Iterator[str]:
    style, base = variant.style, variant.base
    if variant.name == "button" and not _get_words(variant):
        yield "icon"
    tracks = style.get("grid-template-columns")
    if isinstance(tracks, str):
        yield TRACKS.get(_count_tracks(tracks), "many")
        yield "split"
    align = style.get("text-align")
    if align in ("center", "right", "left", "start"):
        yield {"center": "centered", "right": "end"}.get(str(align), "start")
    if style.get("margin-left") == "auto":
        yield "centered" if style.get("margin-right") == "auto" else "end"
    for key, words in BOX_WORDS.items():
        if key in style:
            yield _compare(style[key], base.get(key, 0.0), *words)


BOX_WORDS = {
    "max-width": ("wide", "narrow"),
    "width": ("wide", "narrow"),
    "margin-top": ("spaced", "close"),
    "padding-top": ("roomy", "compact"),
    "padding-bottom": ("roomy", "compact"),
    "margin-left": ("indented", "flush"),
    "margin-right": ("apart", "flush"),
    "margin-bottom": ("apart", "close"),
    "min-width": ("wide", "narrow"),
    "row-gap": ("loose", "dense"),
    "column-gap": ("loose", "dense"),
    "padding-left": ("padded", "unpadded"),
    "padding-right": ("padded", "unpadded"),
    "gap": ("loose", "dense"),
    "height": ("tall", "short"),
    "min-height": ("tall", "short"),
    "justify-content": ("spread", "packed"),
    "align-items": ("aligned", "aligned"),
    "border-radius": ("rounded", "square"),
    "flex": ("flexible", "flexible"),
    "flex-wrap": ("wrapping", "wrapping"),
    "white-space": ("unbroken", "unbroken"),
    "display": ("block", "block"),
    "grid-area": ("overlay", "overlay"),
}


def _count_tracks(template: str) -> int:
    if template.startswith("repeat("):
        number = template[len("repeat(") :].split(",")[0]
        return int(number) if number.isdigit() else 0
    return len(re.findall(r"[\w.%-]+(?:\([^()]*\))?", template))
