"""The parts of code quality: each a pure function of the facts, 1 if there is nothing to correct.

What they ask is what reviewers of generated pages complained of. The authors' own pages are the
check: they must rank above drafts that reviewers would not keep (docs/results.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import exp

from studio.pipeline.scoring.quality.facts import KeepFacts, Reflow

# What a failed accessibility rule costs, by axe's own impact.
COSTS = {"critical": 0.12, "serious": 0.08, "moderate": 0.05, "minor": 0.02}
# What failed contrast costs; it is the mockup's choice, not the code's.
CONTRAST = 0.02
PHONE = 390  # px; the width at which letters at the edge and gaps count


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
    # Any horizontal scroll bar is a fault; 1 px is rounding.
    fits = 1.0 if reflow.overflow <= 1 else 0.6 * max(0.0, 1 - reflow.overflow / width)
    lost = (reflow.cut + reflow.covered + 0.5 * reflow.crushed) / reflow.letters
    score = fits * max(0.0, 1 - 2 * lost)
    if width > PHONE:
        return score
    touching = min(0.5, reflow.edge / reflow.letters)
    empty = min(1.0, reflow.gaps / max(1.0, reflow.height))
    return score * (1 - touching) * (1 - empty)


def score_elements(facts: KeepFacts) -> float:
    """Score elements that say what things are, in an order that reads as the page does."""
    code = facts.code
    meant: float = code["meantLetters"] / max(1, code["letters"])
    backwards: float = code["backwards"] / max(1, code["places"])
    return (
        0.2 * meant
        + 0.2 * _score_headings(code)
        + 0.15 * _score_landmarks(code)
        + 0.15 * _score_forms(code)
        + 0.2 * _score_lists(code)
        + 0.1 * max(0.0, 1 - 6 * backwards)
    )


def _score_lists(code: Mapping[str, float]) -> float:
    """Score short texts that repeat in a row or column being items, cells, links or headings."""
    return 1 - code["loose"] / code["repeated"] if code["repeated"] else 1.0


def _score_headings(code: Mapping[str, float]) -> float:
    if not code["headings"]:
        return 0.5
    first = 0.0 if code["firstHeadings"] == 1 else 1.0
    faults = first + code["skipped"] + code["unequal"] + code["split"]
    # In a page of a few headings the first fault costs half; of twenty, the first four do.
    return exp(-faults / max(1.5, 0.3 * code["headings"]))


def _score_landmarks(code: Mapping[str, float]) -> float:
    if not code["landmarks"]:
        return 0.5
    faults = code["repeatedLandmarks"] + code["nested"] + code["emptyNavs"]
    missing = 0.0 if code["mains"] else 0.3
    return max(0.0, 1 - 0.34 * (faults + missing))


def _score_forms(code: Mapping[str, float]) -> float:
    if not code["fields"]:
        return 1.0
    faults: float = code["outside"] + code["unlabelled"]
    return 1 - 0.5 * faults / code["fields"]


def score_names(facts: KeepFacts) -> float:
    """Score names that say what a thing is: no numbers, no words that mean nothing."""
    code = facts.code
    # What is styled in place has no name at all. Five such elements weigh as much as one name,
    # since a name serves several.
    unnamed = code["inlineStyles"] / 5
    total = code["classes"] + unnamed
    bad = code["numbered"] + code["meaningless"] + unnamed
    share: float = bad / total if total else 0.0
    return float((1 - share) ** 1.5)


def score_components(facts: KeepFacts) -> float:
    """Score what looks alike being named alike, in tag and class."""
    code = facts.code
    alike: float = code["alike"] / code["asked"] if code["asked"] else 1.0
    # Classes that one of several alike things has for itself.
    strays: float = code["strays"] / code["classes"] if code["classes"] else 0.0
    inline: float = min(1.0, code["inlineStyles"] / max(1, code["elements"]))
    return alike * (1 - min(0.6, 1.2 * strays)) * (1 - 0.5 * inline)


def score_layout(facts: KeepFacts) -> float:
    """Score the share of places that layout or a scale explains.

    Fixed widths that do not fit a phone and text outside the flow lower it.
    """
    code = facts.code
    offsets = code["offsets"]
    known = offsets["explained"] + offsets["magic"]
    share: float = offsets["explained"] / known if known else 1.0
    rigid: float = min(1.0, 6 * code["fixed"] / max(1, code["elements"]))
    floating: float = code["absoluteLetters"] / max(1, code["letters"])
    return share * (1 - 0.5 * rigid) * (1 - 0.8 * floating)


def score_cleanliness(facts: KeepFacts) -> float:
    """Score the absence of litter, dead rules, inline styles, outdated code, invalid HTML and length."""
    code = facts.code
    elements = max(1, code["elements"])
    crops = code["iconCrops"] + 2 * code["stripCrops"]
    litter = code["emptyBoxes"] + code["drawnRules"] + code["wrappers"] + crops
    tidy = exp(-6 * litter / elements)
    alive: float = 1 - code["dead"] / code["rules"] if code["rules"] else 1.0
    faults = code["quirks"] + min(1.0, code["old"] / 3) + min(1.0, code["twiceIds"] / 2)
    # The first fault costs most, the hundredth hardly anything.
    faults += 2 * (1 - exp(-len(facts.faults) / 12))
    valid: float = max(0.0, 1 - 0.4 * faults)
    inline: float = min(1.0, 1.5 * code["inlineStyles"] / elements)
    # Up to 200 characters of HTML and CSS per element, beside its text, are fine; 700 are far too
    # many.
    short = _score_count((facts.size - code["letters"]) / elements, 200, 700)
    return (0.4 * tidy + 0.2 * alive + 0.2 * valid + 0.2 * short) * (1 - 0.8 * inline)


def score_tokens(facts: KeepFacts) -> float:
    """Score how few distinct colors, font sizes and spaces there are for the page's size.

    Colors used by name raise the score.
    """
    code = facts.code
    room = 1 + code["elements"] / 400  # a long page may have more of each
    few = (
        _score_count(code["colors"], 9 * room, 30 * room)
        + _score_count(code["sizes"], 6 * room, 16 * room)
        + _score_count(code["spacings"], 10 * room, 40 * room)
    ) / 3
    used = code["named"] + code["literal"]
    named: float = code["named"] / used if used else 1.0
    return 0.85 * few + 0.15 * named


def score_accessibility(facts: KeepFacts) -> float:
    """Score the accessibility rules (axe-core's) that hold."""
    cost = sum(_compute_cost(rule, impact, count) for rule, (impact, count) in facts.broken.items())
    return max(0.0, 1 - cost)


def _compute_cost(rule: str, impact: str, count: int) -> float:
    full = CONTRAST if rule == "color-contrast" else COSTS.get(impact, COSTS["minor"])
    # The first element costs as much as the next five together.
    return full * min(1.0, 0.5 + count / 10)


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
