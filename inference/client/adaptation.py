"""How a request is changed for a server that refuses it, found by asking again.

A text-only server, or one whose chat template has no thinking switch, refuses the whole request; so
do newer models that take no temperature or call their token limit by another name. The status and
the parameter that the server names decide what is changed, never its text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from inference.client.refusals import VALUE_CODES, Refusal

Option = Literal[
    "switch",  # thinking on or off
    "summary",  # OpenAI's summary of the thinking
    "temperature",
    "top_p",
    "seed",
    "schema",  # of the answer
    "counting",  # token counts with every chunk
    "usage",  # token counts at the end
    "role",  # a system message
    "limit",  # the longest answer
    "pictures",
]
REFUSED = (400, 415, 422)  # the same request will never be accepted
TOO_LARGE = 413
# llama.cpp without a vision projector answers 500, others 501. A 500 may be temporary, so the same
# request is sent twice before its pictures are left out.
BROKEN = (500, 501)
TRIES_WITH_PICTURES = {500: 2, 501: 1}
# Longer names first: the first match decides.
PARAMETERS: tuple[tuple[str, Option], ...] = (
    ("reasoning.summary", "summary"),
    ("stream_options.continuous_usage_stats", "counting"),
    ("response_format", "schema"),
    ("output_config", "schema"),
    ("text", "schema"),
    ("stream_options", "usage"),
    ("chat_template_kwargs", "switch"),
    ("reasoning", "switch"),
    ("thinking", "switch"),
    ("temperature", "temperature"),
    ("top_p", "top_p"),
    ("seed", "seed"),
    ("max_tokens", "limit"),
    ("max_completion_tokens", "limit"),
    ("max_output_tokens", "limit"),
    ("image", "pictures"),
    ("content", "pictures"),
    ("messages", "pictures"),
    ("input", "pictures"),
)
ROLES = ("role", "system")  # the last part of a parameter such as messages[0].role
OTHER_LIMIT = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
LOWER = 4  # the limit is divided by this when a server says that it is too high
MOST_LOWERED = 3  # times; 16,384 becomes 256
# What is left out in turn when the server names no parameter: what its chat template may not know,
# everything optional, the pictures, and both. A model may accept pictures and no switch.
EXTRAS: frozenset[Option] = frozenset(
    {"switch", "summary", "temperature", "top_p", "seed", "schema", "counting", "usage"}
)
DOUBTS: tuple[frozenset[Option], ...] = (
    frozenset(),
    frozenset({"switch", "summary"}),
    EXTRAS,
    frozenset({"pictures"}),
    EXTRAS | {"pictures"},
)


@dataclass(frozen=True, slots=True)
class Adaptation:
    """What a request leaves out or changes.

    `named`: options that the server named. `doubted`: the place in `DOUBTS`. `renamed`: the token
    limit has its other name. `lowered`: how often it was divided.
    """

    named: frozenset[Option] = frozenset()
    doubted: int = 0
    renamed: bool = False
    lowered: int = 0

    def sends(self, option: Option) -> bool:
        return option not in self.named and option not in DOUBTS[self.doubted]

    def name_limit(self, usual: str) -> str:
        return OTHER_LIMIT.get(usual, usual) if self.renamed else usual

    def lower(self, limit: int) -> int:
        return int(max(1, limit // LOWER**self.lowered))

    def adapt(
        self, refusal: Refusal, *, tries: int, available: frozenset[Option]
    ) -> Adaptation | None:
        """Return what to send after a refusal, or None when nothing more can be changed.

        `tries`: how often this was sent. `available`: the options that the request has.
        """
        can_drop_pictures = "pictures" in available and self.sends("pictures")
        if refusal.status in BROKEN:
            enough = tries >= TRIES_WITH_PICTURES[refusal.status]
            return self._leave_out("pictures") if can_drop_pictures and enough else None
        if refusal.status == TOO_LARGE:
            return self._leave_out("pictures") if can_drop_pictures else None
        if refusal.status not in REFUSED or refusal.is_declined:
            return None
        if refusal.reason == "too long":
            return self._lower_limit()
        return self._change_named(refusal, available) or self._doubt_next(available)

    def keep_for_later(self) -> Adaptation:
        """Return what the next request should begin with: everything but left-out pictures.

        Pictures matter most, and a server may have refused just these ones.
        """
        doubted = self.doubted if "pictures" not in DOUBTS[self.doubted] else 0
        return Adaptation(self.named - {"pictures"}, doubted, self.renamed)

    def _change_named(self, refusal: Refusal, available: frozenset[Option]) -> Adaptation | None:
        option = find_option(refusal.parameter)
        if option is None or option not in available or not self.sends(option):
            return None
        if option != "limit":
            return self._leave_out(option)
        if not self.renamed and refusal.code not in VALUE_CODES:
            return replace(self, renamed=True)
        return self._lower_limit() or self._leave_out("limit")

    def _leave_out(self, option: Option) -> Adaptation:
        return replace(self, named=self.named | {option})

    def _lower_limit(self) -> Adaptation | None:
        return replace(self, lowered=self.lowered + 1) if self.lowered < MOST_LOWERED else None

    def _doubt_next(self, available: frozenset[Option]) -> Adaptation | None:
        """Return the next place in `DOUBTS` that changes what is sent."""
        tried = [self._list_sent(place, available) for place in range(self.doubted + 1)]
        for place in range(self.doubted + 1, len(DOUBTS)):
            if self._list_sent(place, available) not in tried:
                return replace(self, doubted=place)
        return None

    def _list_sent(self, doubted: int, available: frozenset[Option]) -> frozenset[Option]:
        return available - self.named - DOUBTS[doubted]


def find_option(parameter: str) -> Option | None:
    """Return the option that a server's parameter is about; None for others."""
    if parameter.replace("]", "").rpartition(".")[2] in ROLES:
        return "role"
    for name, option in PARAMETERS:
        if parameter.startswith(name):
            return option
    return None
