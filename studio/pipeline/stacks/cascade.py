"""Which declarations win on each element: per property, and apart for each state and width.

Selectors are asked of the document as it stands, so any of them counts, however it is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import soupsieve
from bs4 import BeautifulSoup, Tag

from studio.pipeline.stacks.longhands import expand_shorthand, list_overridden
from studio.pipeline.stacks.rule_sheet import RuleSheet, StyleRule, read_declarations

Variant = tuple[str, ...]
Rank = tuple[
    bool, tuple[int, int, int, int], int
]  # important; style attribute and specificity; order
BASE: Variant = ()


@dataclass(slots=True)
class ComputedLook:
    """An element's winning declarations: for ordinary, and for each variant that says more."""

    values: dict[Variant, dict[str, str]] = field(default_factory=dict)
    ranks: dict[Variant, dict[str, Rank]] = field(default_factory=dict)

    @property
    def base(self) -> dict[str, str]:
        return self.values.get(BASE, {})

    def declare(self, variant: Variant, name: str, value: str, rank: Rank) -> None:
        for part, text in expand_shorthand(name, value).items():
            values, ranks = self.values.setdefault(variant, {}), self.ranks.setdefault(variant, {})
            if part in ranks and ranks[part] > rank:
                continue
            for other in list_overridden(part):
                if other in ranks and ranks[other] <= rank:
                    del values[other], ranks[other]
            values.pop(part, None)  # the order of a look is the order in which it was said
            values[part], ranks[part] = text, rank

    def settle(self) -> None:
        """What an ordinary declaration beats although a variant holds is not said at all."""
        base = self.ranks.get(BASE, {})
        for variant, ranks in self.ranks.items():
            if variant != BASE and not set(variant) & {
                "before",
                "after",
                "placeholder",
                "marker",
                "selection",
            }:
                for name in [
                    name for name, rank in ranks.items() if name in base and base[name] > rank
                ]:
                    del ranks[name], self.values[variant][name]
        self.values = {variant: values for variant, values in self.values.items() if values}


def compute_looks(
    soup: BeautifulSoup, sheet: RuleSheet
) -> tuple[dict[int, ComputedLook], list[StyleRule]]:
    """By the `id()` of each tag; and the rules whose selectors could not be understood here."""
    found: dict[int, ComputedLook] = {id(tag): ComputedLook() for tag in soup.find_all(True)}
    strange: list[StyleRule] = []
    for rule in sheet.rules:
        tags = _match_selector(soup, rule.selector)
        if tags is None:
            strange.append(rule)
            continue
        for tag in tags:
            _apply(
                found[id(tag)], rule.variant, rule.declarations, (0, *rule.specificity), rule.order
            )
    for tag in soup.find_all(style=True):
        _apply(found[id(tag)], BASE, read_declarations(str(tag["style"])), (1, 0, 0, 0), 0)
    for look in found.values():
        look.settle()
    return found, strange


def _apply(
    look: ComputedLook,
    variant: Variant,
    declarations: Iterable[tuple[str, str, bool]],
    specificity: tuple[int, int, int, int],
    order: int,
) -> None:
    for name, value, important in declarations:
        look.declare(variant, name, value, (important, specificity, order))


def _match_selector(soup: BeautifulSoup, selector: str) -> list[Tag] | None:
    try:
        return list(soupsieve.select(selector or "*", soup))
    except (soupsieve.SelectorSyntaxError, NotImplementedError, ValueError):
        return None
