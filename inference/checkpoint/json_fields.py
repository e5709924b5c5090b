"""Validated access to the JSON files of a checkpoint, field by field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


class CheckpointError(Exception):
    """The checkpoint cannot be used; the message is one sentence that says why and where."""


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file. Raises CheckpointError."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CheckpointError(
            f"There is no {path.name} in {path.parent}; is this the checkpoint's folder?"
        ) from None
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{path} cannot be read as JSON: {error}.") from None
    if not isinstance(value, dict):
        raise CheckpointError(f"{path} holds {type(value).__name__}; it must hold a JSON object.")
    return value


class JsonSection:
    """One object of a JSON file. Its methods raise CheckpointError with the name of the field."""

    def __init__(self, file: str, name: str, values: dict[str, Any]) -> None:
        self._file = file
        self._path = f"{name}." if name else ""
        self._values = values

    def has(self, *names: str) -> bool:
        """Return whether one of the fields is present and not null."""
        return any(self._values.get(name) is not None for name in names)

    def section(self, name: str, optional: bool = False) -> JsonSection:
        """Return the object in a field; an empty one if it is missing and optional."""
        value = self._values.get(name)
        if value is None and optional:
            value = {}
        if not isinstance(value, dict):
            raise self._invalid(name, "an object")
        return JsonSection(self._file, f"{self._path}{name}", value)

    def whole(self, *names: str, default: int | None = None, least: int = 0) -> int:
        """Return the whole number in the first field that is present."""
        value = self._get_first(names, default)
        if type(value) is not int or value < least:
            raise self._invalid(self._find_name(names), f"a whole number of at least {least}")
        return value

    def size(self, *names: str, default: int | None = None) -> int:
        """Return the whole number above 0 in the first field that is present."""
        return self.whole(*names, default=default, least=1)

    def real(self, *names: str, default: float | None = None) -> float:
        """Return the number of at least 0 in the first field that is present."""
        value = self._get_first(names, default)
        if type(value) not in (int, float) or not 0 <= value < float("inf"):
            raise self._invalid(self._find_name(names), "a number of at least 0")
        return float(value)

    def flag(self, name: str, default: bool) -> bool:
        """Return the boolean in a field."""
        value = self._get_first((name,), default)
        if not isinstance(value, bool):
            raise self._invalid(name, "true or false")
        return value

    def must_be(self, name: str, *allowed: Any) -> None:
        """Check that a field has a supported value; a missing or null field is accepted."""
        value = self._values.get(name)
        if value is not None and value not in allowed:
            raise self._invalid(name, " or ".join(json.dumps(choice) for choice in allowed))

    def is_one(self, name: str, value: Any) -> bool:
        """Return whether the field has this value."""
        return bool(self._values.get(name) == value)

    def token_ids(self, name: str) -> list[int]:
        """Return the token ids in a field: one, a list of them, or none."""
        value = self._get_first((name,), [])
        ids = value if isinstance(value, list) else [value]
        if not all(type(id) is int and id >= 0 for id in ids):
            raise self._invalid(name, "a token id or a list of them")
        return ids

    def pair(self, name: str, default: tuple[int, int]) -> tuple[int, int]:
        """Return the two whole numbers above 0 in a field."""
        value = self._get_first((name,), list(default))
        is_pair = isinstance(value, list) and len(value) == 2
        if not is_pair or not all(type(number) is int and number > 0 for number in value):
            raise self._invalid(name, "two whole numbers above 0")
        return value[0], value[1]

    def wrong(self, name: str, why: str) -> CheckpointError:
        """Return the error for a field with its value; `why` says what is wrong or allowed."""
        value = json.dumps(self._values.get(name))
        return CheckpointError(f"{self._file}: {self._path}{name} is {value}; {why}.")

    def _invalid(self, name: str, allowed: str) -> CheckpointError:
        if not self.has(name):
            return CheckpointError(
                f"{self._file}: {self._path}{name} is missing; it must be {allowed}."
            )
        return self.wrong(name, f"it must be {allowed}")

    def _find_name(self, names: tuple[str, ...]) -> str:
        return next((name for name in names if self.has(name)), names[0])

    def _get_first(self, names: tuple[str, ...], default: Any) -> Any:
        value = self._values.get(self._find_name(names))
        return default if value is None else value
