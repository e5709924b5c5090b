"""Models whose words are scripted: one that writes pages, one that walks; and a small page for
them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from inference.types import Chunk, Finished, ModelRequest, Usage
from studio.pipeline.labelling.model import alphabet

PAGE = """<!doctype html><html lang="en"><head><title>Bakery</title><style>
body{margin:0;font:16px/24px "Liberation Sans",sans-serif;color:#222;background:#fff}
header{background:#1d4ed8;color:#fff;padding:24px 40px}h1{margin:0;font-size:32px;line-height:40px}
main{padding:32px 40px}.buy{display:inline-block;background:#16a34a;color:#fff;padding:10px 20px;border-radius:6px}
</style></head><body><header><h1>North Street Bakery</h1></header><main>
<p>Bread from our own oven, every morning.</p><p><a class="buy">Order a loaf</a></p></main></body></html>"""


class ScriptedModel:
    """Says what it was told to, one answer a round; an exception in the script is raised."""

    name = "scripted"
    task = "page"

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[ModelRequest] = []

    def stream(
        self, request: ModelRequest, *, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Chunk | Finished]:
        self.requests.append(request)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        for start in range(0, len(answer), 50):
            if cancelled():
                yield Finished("cancelled", Usage(10, start))
                return
            yield Chunk("answer", answer[start : start + 50])
        yield Finished("stop", Usage(1000, len(answer) // 4))

    def close(self) -> None: ...


def answer(html: str) -> str:
    return f"```html index.html\n{html}\n```\n"


class WalkingModel:
    """Labels every node as the rules do."""

    name, task = "walking", "walk"

    def __init__(self) -> None:
        self.requests: list[ModelRequest] = []

    def stream(
        self, request: ModelRequest, *, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Chunk | Finished]:
        self.requests.append(request)
        yield Chunk("answer", agreeing(request.pattern or ""))
        yield Finished("stop", Usage(len(request.messages[0].parts), 1))

    def close(self) -> None: ...


def agreeing(pattern: str) -> str:
    """The answer that takes each node for what the rules take it for, as far as the pattern allows
    that.
    """
    out, guess = "", 0
    for choices, fixed in re.findall(r"\[(.+?)\]|(.)", pattern):
        if fixed:
            look = alphabet.WORDS["look"].values(fixed)
            out, guess = out + fixed, guess if look is None else look[-1]
        else:
            wanted = alphabet.SAID(guess)
            out += wanted if wanted in choices else choices[0]
    return out
