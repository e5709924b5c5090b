"""Going on with an answer that was cut off by its length limit."""

from __future__ import annotations

import re
from dataclasses import replace

from inference.types import Message, ModelRequest, TextPart

GO_ON = """Your answer was cut off by its length limit. Go on exactly where it stopped, in the middle of a line if it
stopped there. Repeat nothing, open no new fence for the file you were writing, and explain nothing."""
# Characters that a model may repeat although it was asked not to. Fewer than the least may be alike
# by chance, such as "</div>".
LEAST_REPEAT, MOST_REPEAT = 12, 400
LEAST_LINE = 4  # characters of a last line that is recognized when it is begun again
FENCE = re.compile(r"^[ \t]{0,3}(`{3,}|~{3,})[^\n]*(?:\n|\Z)")


def build_continuation(request: ModelRequest, told: str, max_tokens: int) -> ModelRequest:
    """Return the request that goes on with `told`, the answer so far."""
    turns = (
        Message("assistant", (TextPart(told),)),
        Message("user", (TextPart(GO_ON),)),
    )
    return replace(request, messages=(*request.messages, *turns), max_tokens=max_tokens)


def drop_repetition(told: str, more: str) -> str:
    """Return `more` without what it repeats of `told`: the file's fence, and the last characters."""
    if is_inside_fence(told):
        more = FENCE.sub("", more.lstrip("\n"), count=1)
    for length in range(min(len(more), MOST_REPEAT), LEAST_REPEAT - 1, -1):
        if told.endswith(more[:length]):
            return more[length:]
    last_line = told.rpartition("\n")[2].lstrip()
    rest = more.lstrip()
    if len(last_line) >= LEAST_LINE and rest.startswith(last_line):
        return rest[len(last_line) :]
    return more


def is_inside_fence(text: str) -> bool:
    """Return whether a fenced block of the text is open at its end."""
    fence = ""
    for line in text.splitlines():
        found = FENCE.match(line)
        if not found:
            continue
        if not fence:
            fence = found[1]
        elif found[1].startswith(fence) and not line.strip("`~ \t"):
            fence = ""
    return bool(fence)
