"""Which declarations win on each element: per property, and separately for each state and width.

Selectors are matched against the whole document, so any selector counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import soupsieve
from bs4 import BeautifulSoup, Tag

from studio.pipeline.stacks.longhands import expand_shorthand, list_overridden
from studio.pipeline.stacks.rule_sheet import RuleSheet, StyleRule, read_declarations

Variant = tuple[str, ...]
# Important; style attribute and specificity; order.
Rank = tuple[bool, tuple[int, int, int, int], int]
BASE: Variant = ()


@dataclass(slots=True)
class ComputedLook:
    """An element's winning declarations, without a state or width (`base`) and per variant."""

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
            values.pop(part, None)  # a look is in the order of declaration
            values[part], ranks[part] = text, rank

    def settle(self) -> None:
        """Remove what an ordinary declaration overrides even while a variant applies."""
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
    """Return each tag's look by its `id()`, and the rules whose selectors could not be read."""
    looks: dict[int, ComputedLook] = {id(tag): ComputedLook() for tag in soup.find_all(True)}
    unmatched: list[StyleRule] = []
    for rule in sheet.rules:
        tags = _match_selector(soup, rule.selector)
        if tags is None:
            unmatched.append(rule)
            continue
        for tag in tags:
            _apply(
                looks[id(tag)], rule.variant, rule.declarations, (0, *rule.specificity), rule.order
            )
    for tag in soup.find_all(style=True):
        _apply(looks[id(tag)], BASE, read_declarations(str(tag["style"])), (1, 0, 0, 0), 0)
    for look in looks.values():
        look.settle()
    return looks, unmatched


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
