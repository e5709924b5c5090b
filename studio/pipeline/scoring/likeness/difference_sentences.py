"""What differs, said so that a person or a model can mend it: located, in words, the costliest first.

One cause is one sentence: ten lines that are all 40 px too low are told once. Computes no score of its own; what a
difference costs is read from the parts it lowers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import reduce

from studio.pipeline.perception.hints import Box
from studio.pipeline.scoring.likeness.account import MOVED, Account, at, offset, quoted
from studio.pipeline.scoring.likeness.regions import region_differences
from studio.pipeline.scoring.likeness.text_verdicts import Verdict, weight_of
from studio.pipeline.scoring.likeness.unexplained_patches import leftover_differences
from studio.pipeline.types import Difference

MOST = 40
NEGLIGIBLE = 0.001  # of likeness; what costs less is not worth a sentence
RESIZED = 0.04


def differences(account: Account) -> tuple[Difference, ...]:
    regions = list(region_differences(account))
    found = [
        *_missing(account),
        *_extra(account),
        *_moved(account),
        *_resized(account),
        *_recoloured(account),
        *_reworded(account),
        *_height(account),
        *regions,
        *leftover_differences(account, [difference.box for difference in regions]),
    ]
    lost = max(1 - account.likeness, 1e-6)
    worst = sorted((d for d in found if d.lost >= NEGLIGIBLE), key=lambda d: -d.lost)[:MOST]
    return tuple(Difference(d.kind, d.box, d.words, min(1.0, d.lost / lost), d.element) for d in worst)


def _missing(account: Account) -> Iterator[Difference]:
    for line in account.matching.missing:
        lost = sum(account.cost(part, weight_of(line.box)) for part in ("words", "place", "size", "color"))
        yield Difference("missing", line.box, f"{quoted(line.text)} is missing {at(line.box)}", lost)


def _extra(account: Account) -> Iterator[Difference]:
    for text in account.matching.extra:
        lost = account.cost("words", weight_of(text.box))
        words = f"{quoted(text.text)} {at(text.box)} is not in the mockup"
        yield Difference("extra", text.box, words, lost, text.element)


def _moved(account: Account) -> Iterator[Difference]:
    off = [v for v in account.verdicts if offset(v.dx, v.dy)]
    for group in _grouped(off, lambda v: (round(v.dx / 3), round(v.dy / 3))):
        words = f"{_names(group)} {offset(_mean(group, 'dx'), _mean(group, 'dy'))}"
        yield _told(account, "moved", group, words, "place", lambda v: 1 - v.place)


def _resized(account: Account) -> Iterator[Difference]:
    type_off = [v for v in account.verdicts if _off_by(v.match.dom.size, v.match.line.size) and v.size < 0.98]
    for group in _grouped(type_off, lambda v: (v.match.dom.size, round(v.match.line.size))):
        is_, should = group[0].match.dom.size, group[0].match.line.size
        words = f"{_names(group)} {_be(group)} set in {is_:g} px, should be {should:.0f} px"
        yield _told(account, "resized", group, words, "size", lambda v: 1 - v.size)
    stretched = [v for v in account.verdicts if v not in type_off and _off_by(v.wide, 1.0) and v.size < 0.98]
    for group in _grouped(stretched, lambda v: round(v.wide * 25)):
        wide = _mean(group, "wide") - 1
        words = f"{_names(group)} {_be(group)} {abs(wide) * 100:.0f} % too {'wide' if wide > 0 else 'narrow'}"
        yield _told(account, "resized", group, words, "size", lambda v: 1 - v.size)


def _recoloured(account: Account) -> Iterator[Difference]:
    off = [v for v in account.verdicts if v.color < 1]
    for group in _grouped(off, lambda v: (v.match.dom.color, v.match.line.color)):
        is_, should = group[0].match.dom.color, group[0].match.line.color
        words = f"{_names(group)} {_be(group)} {is_}, should be {should}"
        yield _told(account, "recoloured", group, words, "color", lambda v: 1 - v.color)


def _reworded(account: Account) -> Iterator[Difference]:
    for v in account.verdicts:
        if v.match.similarity < 1:
            words = f"{quoted(v.match.dom.text)} should read {quoted(v.match.line.text)}"
            yield _told(account, "reworded", [v], words, "words", lambda v: 1 - v.match.similarity)


def _height(account: Account) -> Iterator[Difference]:
    wanted, got = account.hints.height, account.render.height
    if abs(got - wanted) < MOVED:
        return
    box = Box(0, min(wanted, got), account.hints.width, abs(got - wanted))
    words = f"the page is {abs(got - wanted)} px too {'tall' if got > wanted else 'short'}"
    yield Difference("height", box, words, max(account.picture_loss(box)[1], NEGLIGIBLE))


def _told(
    account: Account,
    kind: str,
    group: Sequence[Verdict],
    words: str,
    part: str,
    missed: Callable[[Verdict], float],
) -> Difference:
    lost = account.cost(part, sum(v.weight * missed(v) for v in group))
    box = reduce(Box.union, (v.match.line.box for v in group))
    return Difference(kind, box, words, lost, group[0].match.dom.element)  # type: ignore[arg-type]


def _grouped(verdicts: Sequence[Verdict], key: Callable[[Verdict], Hashable]) -> list[list[Verdict]]:
    """Verdicts with one cause together, each group from the top of the page down."""
    groups: dict[Hashable, list[Verdict]] = defaultdict(list)
    for verdict in sorted(verdicts, key=lambda v: (v.match.line.box.y, v.match.line.box.x)):
        groups[key(verdict)].append(verdict)
    return list(groups.values())


def _names(group: Sequence[Verdict]) -> str:
    first = quoted(group[0].match.line.text)
    if len(group) == 1:
        return first
    if len(group) == 2:
        return f"{first} and {quoted(group[1].match.line.text)}"
    return f"{first} and {len(group) - 1} more texts (down to {quoted(group[-1].match.line.text)})"


def _be(group: Sequence[Verdict]) -> str:
    return "is" if len(group) == 1 else "are"


def _mean(group: Sequence[Verdict], field: str) -> float:
    total: float = sum(getattr(v, field) for v in group)
    return total / len(group)


def _off_by(value: float, wanted: float) -> bool:
    return abs(value - wanted) > RESIZED * wanted
