"""What differs, said so that a person or a model can mend it: located, in words, the costliest
first.

One cause is one sentence: ten lines that are all 40 px too low are told once. Computes no score of
its own: what a difference costs is its share of the pixels that differ, and of the words that are
missing. While likeness is below `COMPLETE`, the list is never empty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import reduce

from studio.pipeline.perception.hints import Box
from studio.pipeline.scoring.likeness.account import (
    MOVED,
    Account,
    describe_offset,
    describe_place,
    quote_text,
)
from studio.pipeline.scoring.likeness.regions import find_region_differences
from studio.pipeline.scoring.likeness.text_verdicts import Verdict, compute_weight
from studio.pipeline.scoring.likeness.unexplained_patches import (
    find_unexplained_patches,
    worst_difference,
)
from studio.pipeline.types import Difference

MOST = 40
NEGLIGIBLE = 0.0005  # of likeness; what costs less is not worth a sentence
COMPLETE = 0.98  # likeness below which something must be told
RESIZED = 0.04


def list_differences(account: Account) -> tuple[Difference, ...]:
    regions = list(find_region_differences(account))
    texts = [
        *_list_missing(account),
        *_list_extra(account),
        *_list_moved(account),
        *_list_resized(account),
        *_list_recolored(account),
        *_list_reworded(account),
    ]
    explained = [*(region.box for region in regions), *_explained_lines(account, texts)]
    found = [
        *texts,
        *_describe_height(account),
        *regions,
        *find_unexplained_patches(account, explained),
    ]
    least = NEGLIGIBLE / max(1 - account.likeness, 1e-6)
    worth = sorted((d for d in found if d.lost >= least), key=lambda d: -d.lost)[:MOST]
    if not worth and account.likeness < COMPLETE:
        rest = max(found, key=lambda d: d.lost, default=None) or worst_difference(account)
        worth = [rest] if rest else []
    return tuple(Difference(d.kind, d.box, d.words, min(1.0, d.lost), d.element) for d in worth)


def _explained_lines(account: Account, told: Sequence[Difference]) -> list[Box]:
    """Return the boxes that sentences account for: one about a group of lines explains these, not
    all between them.
    """
    lines = [verdict.match.line.box for verdict in account.verdicts]
    found: list[Box] = []
    for difference in told:
        inside = [line for line in lines if difference.box.contains(line)]
        found += inside if len(inside) > 1 else [difference.box]
    return found


def _list_missing(account: Account) -> Iterator[Difference]:
    for line in account.matching.missing:
        lost = account.words_cost(compute_weight(line.box)) + account.picture_cost(line.box)
        yield Difference(
            "missing",
            line.box,
            f"{quote_text(line.text)} is missing {describe_place(line.box)}",
            lost,
        )


def _list_extra(account: Account) -> Iterator[Difference]:
    for text in account.matching.extra:
        lost = account.words_cost(compute_weight(text.box)) + account.picture_cost(text.box)
        words = f"{quote_text(text.text)} {describe_place(text.box)} is not in the mockup"
        yield Difference("extra", text.box, words, lost, text.element)


def _list_moved(account: Account) -> Iterator[Difference]:
    off = [v for v in account.verdicts if describe_offset(v.dx, v.dy)]
    for group in _group_verdicts(off, lambda v: (round(v.dx / 3), round(v.dy / 3))):
        words = f"{_name_group(group)} {describe_offset(_mean(group, 'dx'), _mean(group, 'dy'))}"
        yield _make_difference(account, "moved", group, words, lambda v: v.weight * (1 - v.place))


def _list_resized(account: Account) -> Iterator[Difference]:
    type_off = [
        v
        for v in account.verdicts
        if _describe_ratio(v.match.dom.size, v.match.line.size) and v.size < 0.98
    ]
    for group in _group_verdicts(type_off, lambda v: (v.match.dom.size, round(v.match.line.size))):
        is_, should = group[0].match.dom.size, group[0].match.line.size
        words = f"{_name_group(group)} {_conjugate_be(group)} set in {is_:g} px, should be {should:.0f} px"
        yield _make_difference(account, "resized", group, words)
    stretched = [
        v
        for v in account.verdicts
        if v not in type_off and _describe_ratio(v.wide, 1.0) and v.size < 0.98
    ]
    for group in _group_verdicts(stretched, lambda v: round(v.wide * 25)):
        wide = _mean(group, "wide") - 1
        way = "wide" if wide > 0 else "narrow"
        words = f"{_name_group(group)} {_conjugate_be(group)} {abs(wide) * 100:.0f} % too {way}"
        yield _make_difference(account, "resized", group, words)


def _list_recolored(account: Account) -> Iterator[Difference]:
    off = [v for v in account.verdicts if v.color < 1]
    for group in _group_verdicts(off, lambda v: (v.match.dom.color, v.match.line.color)):
        is_, should = group[0].match.dom.color, group[0].match.line.color
        words = f"{_name_group(group)} {_conjugate_be(group)} {is_}, should be {should}"
        yield _make_difference(account, "recoloured", group, words)


def _list_reworded(account: Account) -> Iterator[Difference]:
    for v in account.verdicts:
        if v.match.similarity < 1:
            words = f"{quote_text(v.match.dom.text)} should read {quote_text(v.match.line.text)}"
            yield _make_difference(
                account, "reworded", [v], words, lambda v: v.weight * (1 - v.match.similarity)
            )


def _describe_height(account: Account) -> Iterator[Difference]:
    wanted, got = account.hints.height, account.render.height
    if abs(got - wanted) < MOVED:
        return
    box = Box(0, min(wanted, got), account.hints.width, abs(got - wanted))
    words = f"the page is {abs(got - wanted)} px too {'tall' if got > wanted else 'short'}"
    lost = account.spent["page"] / account.total + account.picture_cost(box)
    yield Difference("height", box, words, max(lost, NEGLIGIBLE))


def _make_difference(
    account: Account,
    kind: str,
    group: Sequence[Verdict],
    words: str,
    missed: Callable[[Verdict], float] | None = None,
) -> Difference:
    """`missed`: the words of how many lines' worth are missing because of it."""
    lost = sum(account.picture_cost(v.match.line.box) for v in group)
    if missed:
        lost += account.words_cost(sum(missed(v) for v in group))
    box = reduce(Box.union, (v.match.line.box for v in group))
    return Difference(kind, box, words, lost, group[0].match.dom.element)  # type: ignore[arg-type]


def _group_verdicts(
    verdicts: Sequence[Verdict], key: Callable[[Verdict], Hashable]
) -> list[list[Verdict]]:
    """Verdicts with one cause together, each group from the top of the page down."""
    groups: dict[Hashable, list[Verdict]] = defaultdict(list)
    for verdict in sorted(verdicts, key=lambda v: (v.match.line.box.y, v.match.line.box.x)):
        groups[key(verdict)].append(verdict)
    return list(groups.values())


def _name_group(group: Sequence[Verdict]) -> str:
    first = quote_text(group[0].match.line.text)
    if len(group) == 1:
        return first
    if len(group) == 2:
        return f"{first} and {quote_text(group[1].match.line.text)}"
    return (
        f"{first} and {len(group) - 1} more texts (down to {quote_text(group[-1].match.line.text)})"
    )


def _conjugate_be(group: Sequence[Verdict]) -> str:
    return "is" if len(group) == 1 else "are"


def _mean(group: Sequence[Verdict], field: str) -> float:
    total: float = sum(getattr(v, field) for v in group)
    return total / len(group)


def _describe_ratio(value: float, wanted: float) -> bool:
    return abs(value - wanted) > RESIZED * wanted
