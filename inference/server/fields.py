"""A request's JSON, read field by field; what is not as it must be is refused by name. Knows no
API.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inference.server.errors import Refused, wrong


class Fields:
    """An object within a request; `at` is its place there, empty for the whole."""

    def __init__(self, values: Any, at: str = "") -> None:
        if not isinstance(values, Mapping):
            raise wrong(at or "the body", values, "is a JSON object")
        self.values: Mapping[str, Any] = values
        self.at = at

    def path(self, name: str) -> str:
        return f"{self.at}.{name}" if self.at else name

    def get(self, name: str) -> Any:
        """None for a field that is missing or null: no API tells the two apart."""
        return self.values.get(name)

    def wrong(self, name: str, allowed: str) -> Refused:
        return wrong(self.path(name), self.get(name), allowed)

    def text(self, name: str) -> str:
        value = self.get(name)
        if not isinstance(value, str):
            raise self.wrong(name, "is a string")
        return value

    def flag(self, name: str, default: bool) -> bool:
        value = self.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.wrong(name, "are true and false")
        return value

    def whole(self, name: str, low: int, high: int) -> int | None:
        value = self.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.wrong(name, f"are whole numbers from {low} to {high}")
        return value

    def real(self, name: str, low: float, high: float) -> float | None:
        value = self.get(name)
        if value is None:
            return None
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not low <= value <= high
        ):
            raise self.wrong(name, f"are numbers from {low:g} to {high:g}")
        return float(value)

    def one_of(self, name: str, *allowed: str) -> str:
        value = self.get(name)
        if value not in allowed:
            raise self.wrong(
                name, ("are " if len(allowed) > 1 else "is ") + " and ".join(map(repr, allowed))
            )
        return str(value)

    def only(self, name: str, *allowed: Any) -> None:
        """The server has no other way: anything but `allowed` (or nothing) is refused."""
        value = self.get(name)
        if value is not None and value not in allowed:
            raise self.wrong(name, f"is only {' or '.join(map(repr, allowed))} or nothing")

    def object(self, name: str) -> Fields:
        """An empty one when it is missing."""
        value = self.get(name)
        return Fields({} if value is None else value, self.path(name))

    def objects(self, name: str, *, needed: bool = False) -> list[Fields]:
        value = self.get(name)
        if value is None and not needed:
            return []
        if not isinstance(value, list) or (needed and not value):
            raise self.wrong(
                name, "is a list of objects" + (" with at least one" if needed else "")
            )
        return [Fields(one, f"{self.path(name)}[{index}]") for index, one in enumerate(value)]

    def entries(self, name: str) -> list[Any]:
        """A list of whatever it may be; an empty one when it is missing."""
        value = self.get(name)
        if value is not None and not isinstance(value, list):
            raise self.wrong(name, "is a list")
        return value or []

    def strings(self, name: str, most: int) -> tuple[str, ...]:
        """None, one string, or a list of them."""
        value = self.get(name)
        found = [] if value is None else [value] if isinstance(value, str) else value
        if (
            not isinstance(found, list)
            or len(found) > most
            or not all(isinstance(one, str) and one for one in found)
        ):
            raise self.wrong(name, f"are a string and a list of up to {most}, none of them empty")
        return tuple(found)
