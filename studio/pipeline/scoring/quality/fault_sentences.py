"""What lowers a page's code quality, as sentences, worst first."""

from __future__ import annotations

from collections.abc import Callable

from studio.pipeline.scoring.quality.facts import KeepFacts
from studio.pipeline.scoring.quality.measure import CodeQuality
from studio.pipeline.scoring.quality.parts import PHONE, WEIGHTS

FINE = 0.85  # score of a part above which there is little to gain
# Counted fact → what is wrong; named in this order, where the count is not zero.
ELEMENT_FAULTS = {
    "split": "headings split by line",
    "skipped": "heading levels left out",
    "unequal": "headings of one look at different levels",
    "repeatedLandmarks": "header, main or footer more than once",
    "nested": "landmarks within landmarks",
    "emptyNavs": "nav elements without links",
    "outside": "fields outside a form",
    "unlabelled": "fields without a label",
    "loose": "short texts that repeat and are no list, menu or table",
    "backwards": "texts out of reading order",
}
LITTER = {
    "emptyBoxes": "empty boxes",
    "drawnRules": "hr elements",
    "wrappers": "wrappers without a purpose",
    "iconCrops": "icons as pictures instead of inline SVG",
    "stripCrops": "pictures of controls or words",
    "inlineStyles": "inline styles",
    "dead": "rules that match nothing",
}


def describe_faults(keep: CodeQuality | None) -> list[str]:
    """Return one sentence for each part of quality that costs something."""
    if keep is None:
        return []
    weak_parts = [name for name, value in keep.parts.items() if value < FINE and name in SENTENCES]
    weak_parts.sort(key=lambda name: WEIGHTS.get(name, 0.0) * (keep.parts[name] - 1))
    return [
        f"code: {SENTENCES[name](keep.facts)} ({name} {keep.parts[name]:.2f} of 1)"
        for name in weak_parts
    ]


def _describe_responsive_faults(facts: KeepFacts) -> str:
    faults = [
        f"at {width} px it is {reflow.overflow:.0f} px too wide"
        for width, reflow in facts.reflow.items()
        if reflow.overflow > 1
    ]
    phone = facts.reflow.get(PHONE)
    if phone and phone.gaps > 0.05 * phone.height:
        faults.append(f"at {PHONE} px {phone.gaps:.0f} px stay empty where columns stack")
    if phone and phone.edge > 0.05 * phone.letters:
        faults.append(f"at {PHONE} px text touches the edge")
    return "; ".join(faults) or "at other widths text is cut off, covered or squeezed"


def _describe_element_faults(facts: KeepFacts) -> str:
    found = _name_counts(facts, ELEMENT_FAULTS)
    return f"use semantic elements: {found}" if found else "use semantic elements"


def _describe_name_faults(facts: KeepFacts) -> str:
    code = facts.code
    return (
        f"of {code['classes']} class names {code['numbered']} end in a number and "
        f"{code['meaningless']} say nothing: name things for their role"
    )


def _describe_component_faults(facts: KeepFacts) -> str:
    return (
        f"things that look alike differ in tag or class, and {facts.code['strays']} classes serve one of "
        "several alike: let them share one class, with modifiers for states"
    )


def _describe_litter(facts: KeepFacts) -> str:
    found = _name_counts(facts, LITTER)
    return found or "invalid markup or too much code"


def _describe_broken_rules(facts: KeepFacts) -> str:
    return f"accessibility rules that fail: {', '.join(list(facts.broken)[:4])}"


def _name_counts(facts: KeepFacts, names: dict[str, str]) -> str:
    found = [(facts.code.get(name, 0), words) for name, words in names.items()]
    return ", ".join(f"{count:.0f} {words}" for count, words in found if count)


SENTENCES: dict[str, Callable[[KeepFacts], str]] = {
    "responsive": _describe_responsive_faults,
    "elements": _describe_element_faults,
    "names": _describe_name_faults,
    "components": _describe_component_faults,
    "layout": lambda _: (
        "positions come from uneven numbers, fixed widths or absolute places: use flex, grid and gap, and spaces on "
        "a scale up to 160 px"
    ),
    "clean": _describe_litter,
    "tokens": lambda _: (
        "too many colours, sizes and spaces: name a few as custom properties and use those"
    ),
    "accessibility": _describe_broken_rules,
}
