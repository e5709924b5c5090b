"""How much a model server may send, because a server may be broken or hostile."""

from __future__ import annotations

from dataclasses import dataclass

from inference.client.bounded import TooLarge
from inference.types import ModelError


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """Limits of one answer: `answer` and `thinking` in characters, the others in bytes.

    Bytes are counted after decompression. The longest requested answer has 16,384 tokens, about
    65,000 characters. A server that sends each token in its own line needs about 300 bytes for it,
    5 MB in total. The longest known list of models (OpenRouter's) has 1 MB.
    """

    answer: int = 2_000_000
    thinking: int = 2_000_000
    line: int = 1_000_000
    stream: int = 256_000_000
    models: int = 5_000_000


def describe_excess(error: TooLarge, where: str) -> ModelError:
    """Return the error for a line or body beyond its limit; `where` names the server."""
    if error.what == "line":
        what, setting = "a line", "MODEL_LINE_KILOBYTES"
        allowed = f"{error.most / 1000:,.0f} kB"
    elif error.what == "list of models":
        what, setting = "a list of models", "MODEL_LIST_KILOBYTES"
        allowed = f"{error.most / 1000:,.0f} kB"
    else:
        what, setting = "a stream", "MODEL_STREAM_MEGABYTES"
        allowed = f"{error.most / 1_000_000:,.0f} MB"
    sentence = f"{where} sent {what} of more than {allowed}, the limit set by {setting}."
    return ModelError(sentence, kind="too large")
