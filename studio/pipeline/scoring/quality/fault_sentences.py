"""What lowers a page's code quality, as sentences, worst first."""

from __future__ import annotations

from collections.abc import Callable

from studio.pipeline.scoring.quality.measure import WEIGHTS, CodeQuality, KeepFacts

FINE = 0.85  # score of a part above which there is little to gain


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
    wide = [
        f"at {width} px it is {reflow.overflow:.0f} px too wide"
        for width, reflow in facts.reflow.items()
        if reflow.overflow > 1
    ]
    return "; ".join(wide) or "at other widths text is cut off, covered or squeezed"


def _describe_semantic_faults(facts: KeepFacts) -> str:
    rules = ", ".join(list(facts.broken)[:4])
    sentence = "use semantic elements"
    return f"{sentence}; accessibility rules that fail: {rules}" if rules else sentence


SENTENCES: dict[str, Callable[[KeepFacts], str]] = {
    "responsive": _describe_responsive_faults,
    "semantics": _describe_semantic_faults,
    "layout": lambda facts: (
        "positions come from uneven numbers or fixed widths: use flex, grid, gap and spaces on a scale of 4 px"
    ),
    "reuse": lambda facts: "repeated parts have different classes: let them share one class",
    "tokens": lambda facts: (
        "too many colours, sizes and spaces: name a few as custom properties and use those"
    ),
    "clean": lambda facts: "rules that match nothing, invalid markup or too much code",
    "flow": lambda facts: "text is placed absolutely: let it flow",
}
