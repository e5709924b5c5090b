"""Which optional parts of a request a server takes: found out by leaving parts out, for this
request alone.

A server that reads text alone, or whose chat template has no thinking switch, refuses the whole
request. What it refuses is decided by the status and the parameter it names, never by its words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

REFUSED = (400, 415, 422)  # the request as it is will never be taken
# llama.cpp without a vision projector answers 500, others 501. A 500 may pass by itself, so the
# same request is sent twice before its pictures are doubted.
BROKEN = (500, 501)
DOUBTED_AFTER = {500: 2, 501: 1}
SWITCH_NAMES = ("chat_template_kwargs", "thinking")
PICTURE_NAMES = ("image", "content", "messages")


@dataclass(frozen=True, slots=True)
class Parts:
    """The optional parts that are sent: the thinking switch, the pictures."""

    switch: bool = True
    pictures: bool = True

    def reduce(self, status: int, parameter: str, *, tries: int, asked: Parts) -> Parts | None:
        """Return what to send next after a refusal, None when nothing is left to leave out.

        `tries`: how often these parts were sent; `asked`: what the request has of them.
        """
        if status in BROKEN and self.pictures and tries >= DOUBTED_AFTER[status]:
            return replace(self, pictures=False)
        if status not in REFUSED:
            return None
        if self.switch and parameter.startswith(SWITCH_NAMES):
            return replace(self, switch=False)
        if self.pictures and parameter.startswith(PICTURE_NAMES):
            return replace(self, pictures=False)
        return self._next(asked)

    def _next(self, asked: Parts) -> Parts | None:
        """Without a parameter each part is doubted alone, then all: a model may take pictures and
        no switch.
        """
        order = [
            Parts(asked.switch, asked.pictures),
            Parts(False, asked.pictures),
            Parts(asked.switch, False),
            Parts(False, False),
        ]
        distinct = list(dict.fromkeys(order))
        place = distinct.index(self)
        return distinct[place + 1] if place + 1 < len(distinct) else None
