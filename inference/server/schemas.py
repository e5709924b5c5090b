"""A tool's JSON schema: what the chat template could not write as a type is refused by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inference.server.errors import join, wrong

TYPES = 7  # there are no more in JSON schema


def check_schema(schema: Any, place: str) -> None:
    """Raise Refused for the first part that is not what it must be."""
    if not isinstance(schema, Mapping):
        raise wrong(place, schema, "is a JSON object")
    _check_types(schema.get("type"), join(place, "type"))
    for name in ("enum", "required"):
        _list(schema, name, place)
    for inner_place, inner in _inner(schema, place):
        # `true` and `false` are schemas too.
        if isinstance(inner, Mapping):
            check_schema(inner, inner_place)


def _check_types(types: Any, place: str) -> None:
    found = [types] if isinstance(types, str) else types
    if found is None:
        return
    listed = isinstance(found, list) and len(found) <= TYPES
    if not listed or not all(isinstance(one, str) and one for one in found):
        raise wrong(place, types, f"are a string and a list of up to {TYPES}, none of them empty")


def _inner(schema: Mapping[str, Any], place: str) -> Iterator[tuple[str, Any]]:
    """Yield (place, schema) for each of those within it."""
    for name in ("properties", "$defs", "definitions"):
        named = schema.get(name)
        if named is None:
            continue
        if not isinstance(named, Mapping):
            raise wrong(join(place, name), named, "is a JSON object")
        yield from ((f"{join(place, name)}.{key}", value) for key, value in named.items())
    for index, value in enumerate(_list(schema, "anyOf", place)):
        yield f"{join(place, 'anyOf')}[{index}]", value
    for name in ("items", "additionalProperties"):
        yield join(place, name), schema.get(name)


def _list(schema: Mapping[str, Any], name: str, place: str) -> list[Any]:
    value = schema.get(name)
    if value is not None and not isinstance(value, list):
        raise wrong(join(place, name), value, "is a list")
    return value or []
