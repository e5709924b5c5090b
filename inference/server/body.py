"""A request's body: JSON of bounded size and depth, in text that every encoding can carry."""

from __future__ import annotations

import json
import re
from itertools import chain
from typing import Any

from starlette.requests import Request

from inference.server.errors import Refused

LARGEST_BODY = 64 * 2**20  # some twenty large mockups in base64
DEEPEST = 100  # levels; Python gives up at about 500 of a tool's schema
# Half of a pair that stands for one character; JSON can write it, UTF-8 cannot.
SURROGATE = re.compile("[\ud800-\udfff]")


async def read_json(request: Request) -> Any:
    """Return the body's JSON; raises Refused for one that is too large or too deep, or no JSON."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_BODY:
            raise Refused(
                f"The body is larger than {LARGEST_BODY} bytes, the most that is allowed.",
                status=413,
            )
    return parse_json(bytes(body))


def parse_json(body: bytes) -> Any:
    """Return the JSON in `body`, half characters replaced by U+FFFD; raises Refused."""
    too_deep = Refused(
        f"The body is nested deeper than {DEEPEST} levels, the most that is allowed."
    )
    try:
        content = json.loads(body)
    except ValueError as error:
        raise Refused(f"The body is no JSON ({error}); allowed is a JSON object.") from None
    except RecursionError:
        raise too_deep from None
    level = [content]
    for _ in range(DEEPEST + 1):
        nested = (
            one.values() if isinstance(one, dict) else one
            for one in level
            if isinstance(one, dict | list)
        )
        level = list(chain.from_iterable(nested))
    if level:
        raise too_deep
    return _without_surrogates(content) if b"\\ud" in body.lower() else content


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_without_surrogates(one) for one in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(one) for key, one in value.items()}
    return value


def write_json(content: Any) -> bytes:
    """Return `content` as UTF-8; a half character that a model wrote becomes a question mark."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
