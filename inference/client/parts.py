"""Which optional parts of a request a server accepts, found by leaving parts out.

A text-only server, or one whose chat template has no thinking switch, refuses the whole request.
The status and the parameter that it names decide what to leave out, never its error text. The
result applies to one request only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

REFUSED = (400, 415, 422)  # the same request will never be accepted
# llama.cpp without a vision projector answers 500, others 501. A 500 may be temporary, so the same
# request is sent twice before its pictures are left out.
BROKEN = (500, 501)
TRIES_WITH_PICTURES = {500: 2, 501: 1}
SWITCH_NAMES = ("chat_template_kwargs", "thinking")
PICTURE_NAMES = ("image", "content", "messages")


@dataclass(frozen=True, slots=True)
class Parts:
    """The optional parts of a request that are sent."""

    switch: bool = True
    pictures: bool = True

    def reduce(self, status: int, parameter: str, *, tries: int, available: Parts) -> Parts | None:
        """Return what to send after a refusal, or None when nothing more can be left out.

        `tries`: how often these parts were sent. `available`: the parts that the request has.
        """
        if status in BROKEN and self.pictures and tries >= TRIES_WITH_PICTURES[status]:
            return replace(self, pictures=False)
        if status not in REFUSED:
            return None
        if self.switch and parameter.startswith(SWITCH_NAMES):
            return replace(self, switch=False)
        if self.pictures and parameter.startswith(PICTURE_NAMES):
            return replace(self, pictures=False)
        return self._choose_next(available)

    def _choose_next(self, available: Parts) -> Parts | None:
        """Return the next combination when the server named no parameter.

        Each part is left out alone, then both: a model may accept pictures and no switch.
        """
        order = [
            Parts(available.switch, available.pictures),
            Parts(False, available.pictures),
            Parts(available.switch, False),
            Parts(False, False),
        ]
        distinct = list(dict.fromkeys(order))
        following = distinct[distinct.index(self) + 1 :]
        return following[0] if following else None
