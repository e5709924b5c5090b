"""Many requests at once: what each one used is told, also when nobody listens any more."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from inference.types import Chunk, Finished, Message, ModelError, ModelRequest, TextPart, Usage
from studio.pipeline.loop.model_requests import ask_all
from studio.pipeline.loop.whole_answers import Answer

ASKED = [ModelRequest((Message("user", (TextPart(str(number)),)),)) for number in range(3)]


class PatientModel:
    """Answers the first request; the others write until they are cancelled, or fail."""

    name, task = "patient", "page"

    def __init__(self, error: ModelError | None = None) -> None:
        self.error = error
        self.all_began = threading.Barrier(len(ASKED))

    def stream(
        self, request: ModelRequest, *, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Chunk | Finished]:
        self.all_began.wait(timeout=30)
        if request == ASKED[0]:
            yield Chunk("answer", "done")
            yield Finished("stop", Usage(10, 1))
            return
        if self.error:
            raise self.error
        while not cancelled():
            threading.Event().wait(0.01)
        yield Finished("cancelled", Usage(10, 5))

    def close(self) -> None: ...


def test_what_was_cancelled_is_counted_after_the_caller_has_left() -> None:
    spent: list[Usage] = []
    events = ask_all(
        PatientModel(), ASKED, limit=3, stop=lambda: False, tokens=30_000, spend=spent.append
    )
    for _, news in events:
        if isinstance(news, Answer):
            events.close()  # type: ignore[attr-defined]
            break
    assert sorted(spent, key=str) == [Usage(10, 1), Usage(10, 5), Usage(10, 5)]


def test_what_failed_is_counted() -> None:
    spent: list[Usage] = []
    lost = ModelError("lost", kind="interrupted", usage=Usage(7, 3))
    events = ask_all(
        PatientModel(lost), ASKED, limit=3, stop=lambda: False, tokens=30_000, spend=spent.append
    )
    answers = [news for _, news in events if isinstance(news, Answer)]
    assert [answer.error is None for answer in answers].count(True) == 1
    assert sorted(spent, key=str) == [Usage(10, 1), Usage(7, 3), Usage(7, 3)]
