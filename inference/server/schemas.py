"""A tool's JSON schema: what the chat template could not write as a type is refused by name. Knows
no API.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inference.server.fields import Fields

TYPES = 7  # there are no more in JSON schema


def check_schema(schema: Fields) -> None:
    """Raises Refused for the first part that is not what it must be."""
    schema.strings("type", TYPES)
    schema.entries("enum")
    schema.entries("required")
    for at, inner in _inner(schema):
        # `true` and `false` are schemas too.
        if isinstance(inner, Mapping):
            check_schema(Fields(inner, at))


def _inner(schema: Fields) -> Iterator[tuple[str, Any]]:
    """(place, schema) for each of those within it."""
    for name in ("properties", "$defs", "definitions"):
        named = schema.object(name)
        yield from ((named.path(key), value) for key, value in named.values.items())
    for index, value in enumerate(schema.entries("anyOf")):
        yield f"{schema.path('anyOf')}[{index}]", value
    for name in ("items", "additionalProperties"):
        yield schema.path(name), schema.get(name)
