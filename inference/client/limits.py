"""How much a model's server may send. A server may be broken or hostile; each limit ends in a
ModelError.
"""

from __future__ import annotations

from dataclasses import dataclass

from inference.client.bounded import TooLarge
from inference.types import ModelError


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """Sizes in bytes after decompression, except `answer` and `thinking`: characters.

    The longest answer asked for has 16,384 tokens, about 65,000 characters; a server that sends
    each token in a line of its own needs about 300 bytes for it, 5 MB in all. The longest list of
    models known (OpenRouter's) has 1 MB.
    """

    answer: int = 2_000_000
    thinking: int = 2_000_000
    line: int = 1_000_000
    stream: int = 256_000_000
    models: int = 5_000_000


def describe_excess(error: TooLarge, where: str) -> ModelError:
    """Return the sentence about a line or a body beyond its limit; `where`: which server."""
    if error.what == "line":
        what, setting = "a line", "MODEL_LINE_KILOBYTES"
        allowed = f"{error.most / 1000:,.0f} kB"
    elif error.what == "list of models":
        what, setting = "a list of models", "MODEL_LIST_KILOBYTES"
        allowed = f"{error.most / 1000:,.0f} kB"
    else:
        what, setting = "a stream", "MODEL_STREAM_MEGABYTES"
        allowed = f"{error.most / 1_000_000:,.0f} MB"
    sentence = f"{where} sent {what} of more than the {allowed} allowed; {setting} sets the limit."
    return ModelError(sentence, kind="too large")
