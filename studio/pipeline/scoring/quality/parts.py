"""The parts of code quality: each a pure function of the facts, 1 if there is nothing to correct.

What they ask is what reviewers of generated pages complained of. The authors' own pages are the
check: they must rank above drafts that reviewers would not keep (docs/results.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp

from studio.pipeline.scoring.quality.facts import KeepFacts, Reflow

# What a failed accessibility rule costs, by axe's own impact.
COSTS = {"critical": 0.12, "serious": 0.08, "moderate": 0.05, "minor": 0.02}
# What failed contrast costs; it is the mockup's choice, not the code's.
CONTRAST = 0.02
PHONE = 390  # px; the width at which letters at the edge and gaps count


@dataclass(frozen=True, slots=True)
class Costs:
    """What each kind of fault takes off its part, which is 1 without faults.

    Set so that the pages of known authors rank above drafts that reviewers would not keep.
    """

    # At a width: px of overflow that are rounding, what is left of a page with more at once, the
    # share of a squeezed letter that is lost, times that lost letters count, and the most that
    # letters at the edge of a phone cost.
    rounding: int = 1
    overflowing: float = 0.6
    crushed: float = 0.5
    lost: float = 2
    most_touching: float = 0.5
    # Shares of the score of elements; what is left are letters in elements that say what they are.
    meant: float = 0.2
    headings: float = 0.2
    landmarks: float = 0.15
    forms: float = 0.15
    lists: float = 0.2
    order: float = 0.1
    backwards: float = 6  # of an order, times the share of places that are out of it
    without_any: float = 0.5  # what a page without headings or landmarks gets for them
    # In a page of a few headings the first fault costs half; of twenty, the first four do.
    fewest_headings: float = 1.5
    faulty_headings: float = 0.3
    landmark: float = 0.34
    missing_main: float = 0.3  # of a landmark's fault
    field: float = 0.5
    # What is styled in place has no name at all. Five such elements weigh as much as one name, since
    # a name serves several.
    inline_per_name: float = 5
    bad_name: float = 1.5  # exponent: the first bad names cost most
    stray: float = 1.2
    most_stray: float = 0.6
    inline_component: float = 0.5
    rigid: float = 6
    rigid_layout: float = 0.5
    floating_layout: float = 0.8
    # Cleanliness: a strip that was cropped is two crops, how fast litter costs, how many outdated
    # attributes or twice used ids are one fault, what invalid HTML costs at most, and how fast.
    strip_crop: float = 2
    litter: float = 6
    old_per_fault: float = 3
    twice_per_fault: float = 2
    most_invalid: float = 2
    invalid_scale: float = 12
    fault: float = 0.4
    inline: float = 1.5
    inline_clean: float = 0.8
    # Its shares: litter, dead rules, faults, length.
    tidy: float = 0.4
    alive: float = 0.2
    valid: float = 0.2
    short: float = 0.2
    # Colors by name count so much beside few colors, sizes and spaces.
    few: float = 0.85
    named: float = 0.15
    elements_per_room: float = 400  # a long page may have more of each
    # The first element that breaks a rule costs as much as the next five together.
    first_element: float = 0.5
    elements_per_rule: float = 10


PRICES = Costs()
# Characters of HTML and CSS per element, beside its text: up to the first are fine, the second are
# far too many.
LENGTH = (200, 700)
# Distinct values of a page: so many are enough, so many are far too many.
COLORS, SIZES, SPACINGS = (9, 30), (6, 16), (10, 40)


def score_responsive(facts: KeepFacts) -> float:
    """Score how little overflows at every width.

    Letters that are cut off, covered, squeezed or at the edge lower the score, and so do the gaps
    that a row leaves when its columns stack.
    """
    scores = [_score_width(width, reflow) for width, reflow in facts.reflow.items()]
    return sum(scores) / len(scores)


def _score_width(width: int, reflow: Reflow) -> float:
    if not reflow.letters:
        return 0.0
    # Any horizontal scroll bar is a fault.
    fits = 1.0
    if reflow.overflow > PRICES.rounding:
        fits = PRICES.overflowing * max(0.0, 1 - reflow.overflow / width)
    lost = (reflow.cut + reflow.covered + PRICES.crushed * reflow.crushed) / reflow.letters
    score = fits * max(0.0, 1 - PRICES.lost * lost)
    if width > PHONE:
        return score
    touching = min(PRICES.most_touching, reflow.edge / reflow.letters)
    empty = min(1.0, reflow.gaps / max(1.0, reflow.height))
    return score * (1 - touching) * (1 - empty)


def score_elements(facts: KeepFacts) -> float:
    """Score elements that say what things are, in an order that reads as the page does."""
    code = facts.code
    meant: float = code["meantLetters"] / max(1, code["letters"])
    backwards: float = code["backwards"] / max(1, code["places"])
    return (
        PRICES.meant * meant
        + PRICES.headings * _score_headings(code)
        + PRICES.landmarks * _score_landmarks(code)
        + PRICES.forms * _score_forms(code)
        + PRICES.lists * _score_lists(code)
        + PRICES.order * max(0.0, 1 - PRICES.backwards * backwards)
    )


def _score_lists(code: Mapping[str, float]) -> float:
    """Score short texts that repeat in a row or column being items, cells, links or headings."""
    return 1 - code["loose"] / code["repeated"] if code["repeated"] else 1.0


def _score_headings(code: Mapping[str, float]) -> float:
    if not code["headings"]:
        return PRICES.without_any
    first = 0.0 if code["firstHeadings"] == 1 else 1.0
    faults = first + code["skipped"] + code["unequal"] + code["split"]
    return exp(-faults / max(PRICES.fewest_headings, PRICES.faulty_headings * code["headings"]))


def _score_landmarks(code: Mapping[str, float]) -> float:
    if not code["landmarks"]:
        return PRICES.without_any
    faults = code["repeatedLandmarks"] + code["nested"] + code["emptyNavs"]
    missing = 0.0 if code["mains"] else PRICES.missing_main
    return max(0.0, 1 - PRICES.landmark * (faults + missing))


def _score_forms(code: Mapping[str, float]) -> float:
    if not code["fields"]:
        return 1.0
    faults: float = code["outside"] + code["unlabelled"]
    return 1 - PRICES.field * faults / code["fields"]


def score_names(facts: KeepFacts) -> float:
    """Score names that say what a thing is: no numbers, no words that mean nothing."""
    code = facts.code
    unnamed = code["inlineStyles"] / PRICES.inline_per_name
    total = code["classes"] + unnamed
    bad = code["numbered"] + code["meaningless"] + unnamed
    share: float = bad / total if total else 0.0
    return float((1 - share) ** PRICES.bad_name)


def score_components(facts: KeepFacts) -> float:
    """Score what looks alike being named alike, in tag and class."""
    code = facts.code
    alike: float = code["alike"] / code["asked"] if code["asked"] else 1.0
    # Classes that one of several alike things has for itself.
    strays: float = code["strays"] / code["classes"] if code["classes"] else 0.0
    inline: float = min(1.0, code["inlineStyles"] / max(1, code["elements"]))
    strayed = min(PRICES.most_stray, PRICES.stray * strays)
    return alike * (1 - strayed) * (1 - PRICES.inline_component * inline)


def score_layout(facts: KeepFacts) -> float:
    """Score the share of places that layout or a scale explains.

    Fixed widths that do not fit a phone and text outside the flow lower it.
    """
    code = facts.code
    offsets = code["offsets"]
    known = offsets["explained"] + offsets["magic"]
    share: float = offsets["explained"] / known if known else 1.0
    rigid: float = min(1.0, PRICES.rigid * code["fixed"] / max(1, code["elements"]))
    floating: float = code["absoluteLetters"] / max(1, code["letters"])
    flowing = 1 - PRICES.floating_layout * floating
    return share * (1 - PRICES.rigid_layout * rigid) * flowing


def score_cleanliness(facts: KeepFacts) -> float:
    """Score the absence of litter, dead rules, inline styles, outdated code, invalid HTML and length."""
    code = facts.code
    elements = max(1, code["elements"])
    crops = code["iconCrops"] + PRICES.strip_crop * code["stripCrops"]
    litter = code["emptyBoxes"] + code["drawnRules"] + code["wrappers"] + crops
    tidy = exp(-PRICES.litter * litter / elements)
    alive: float = 1 - code["dead"] / code["rules"] if code["rules"] else 1.0
    outdated = min(1.0, code["old"] / PRICES.old_per_fault)
    faults = code["quirks"] + outdated + min(1.0, code["twiceIds"] / PRICES.twice_per_fault)
    # The first fault costs most, the hundredth hardly anything.
    faults += PRICES.most_invalid * (1 - exp(-len(facts.faults) / PRICES.invalid_scale))
    valid: float = max(0.0, 1 - PRICES.fault * faults)
    inline: float = min(1.0, PRICES.inline * code["inlineStyles"] / elements)
    short = _score_count((facts.size - code["letters"]) / elements, *LENGTH)
    clean = PRICES.tidy * tidy + PRICES.alive * alive + PRICES.valid * valid + PRICES.short * short
    return clean * (1 - PRICES.inline_clean * inline)


def score_tokens(facts: KeepFacts) -> float:
    """Score how few distinct colors, font sizes and spaces there are for the page's size.

    Colors used by name raise the score.
    """
    code = facts.code
    room = 1 + code["elements"] / PRICES.elements_per_room
    bounds = {"colors": COLORS, "sizes": SIZES, "spacings": SPACINGS}
    scores = [
        _score_count(code[name], enough * room, many * room)
        for name, (enough, many) in bounds.items()
    ]
    few = sum(scores) / len(scores)
    used = code["named"] + code["literal"]
    named: float = code["named"] / used if used else 1.0
    return PRICES.few * few + PRICES.named * named


def score_accessibility(facts: KeepFacts) -> float:
    """Score the accessibility rules (axe-core's) that hold."""
    cost = sum(_compute_cost(rule, impact, count) for rule, (impact, count) in facts.broken.items())
    return max(0.0, 1 - cost)


def _compute_cost(rule: str, impact: str, count: int) -> float:
    full = CONTRAST if rule == "color-contrast" else COSTS.get(impact, COSTS["minor"])
    return full * min(1.0, PRICES.first_element + count / PRICES.elements_per_rule)


def _score_count(count: float, enough: float, many: float) -> float:
    return min(1.0, max(0.0, (many - count) / (many - enough)))


PARTS: dict[str, Callable[[KeepFacts], float]] = {
    "responsive": score_responsive,
    "elements": score_elements,
    "names": score_names,
    "components": score_components,
    "layout": score_layout,
    "clean": score_cleanliness,
    "tokens": score_tokens,
    "accessibility": score_accessibility,
}
# What reviewers name first weighs most: names and components that nobody could maintain, elements
# that say the wrong thing, pages that break on a phone, numbers that come from nowhere.
WEIGHTS = {
    "responsive": 0.17,
    "elements": 0.17,
    "names": 0.16,
    "components": 0.16,
    "layout": 0.14,
    "clean": 0.10,
    "tokens": 0.05,
    "accessibility": 0.05,
}
