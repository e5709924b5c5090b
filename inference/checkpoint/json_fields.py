"""A checkpoint's JSON files, questioned field by field: every odd answer is one sentence. Knows
nothing of models.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


class CheckpointError(Exception):
    """The checkpoint cannot be used; the message is one sentence that says what is wrong and where."""


def read_json(path: Path) -> dict[str, Any]:
    """The object in a checkpoint's JSON file; raises CheckpointError."""
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
    """One object of a JSON file; each question names the field and raises CheckpointError for an
    odd answer.
    """

    def __init__(self, file: str, name: str, values: dict[str, Any]) -> None:
        self._file, self._path, self._values = file, f"{name}." if name else "", values

    def has(self, *names: str) -> bool:
        return any(self._values.get(name) is not None for name in names)

    def section(self, name: str, optional: bool = False) -> JsonSection:
        value = self._values.get(name)
        if value is None and optional:
            value = {}
        if not isinstance(value, dict):
            raise self._odd(name, "an object")
        return JsonSection(self._file, f"{self._path}{name}", value)

    def whole(self, *names: str, default: int | None = None, least: int = 0) -> int:
        """The first of the names that is there."""
        value = self._first(names, default)
        if type(value) is not int or value < least:
            raise self._odd(self._name(names), f"a whole number of at least {least}")
        return value

    def size(self, *names: str, default: int | None = None) -> int:
        return self.whole(*names, default=default, least=1)

    def real(self, *names: str, default: float | None = None) -> float:
        value = self._first(names, default)
        if type(value) not in (int, float) or not 0 <= value < float("inf"):
            raise self._odd(self._name(names), "a number of at least 0")
        return float(value)

    def flag(self, name: str, default: bool) -> bool:
        value = self._first((name,), default)
        if not isinstance(value, bool):
            raise self._odd(name, "true or false")
        return value

    def must_be(self, name: str, *allowed: Any) -> None:
        """Refuses a value the engine has no arithmetic for; one that is absent or null is the usual
        one.
        """
        value = self._values.get(name)
        if value is not None and value not in allowed:
            raise self._odd(name, " or ".join(json.dumps(choice) for choice in allowed))

    def is_one(self, name: str, value: Any) -> bool:
        return bool(self._values.get(name) == value)

    def token_ids(self, name: str) -> list[int]:
        """One id, a list of them, or none."""
        value = self._first((name,), [])
        ids = value if isinstance(value, list) else [value]
        if not all(type(one) is int and one >= 0 for one in ids):
            raise self._odd(name, "a token id or a list of them")
        return ids

    def pair(self, name: str, default: tuple[int, int]) -> tuple[int, int]:
        value = self._first((name,), list(default))
        if (
            not isinstance(value, list)
            or len(value) != 2
            or not all(type(n) is int and n > 0 for n in value)
        ):
            raise self._odd(name, "two whole numbers above 0")
        return value[0], value[1]

    def wrong(self, name: str, why: str) -> CheckpointError:
        return CheckpointError(
            f"{self._file}: {self._path}{name} is {json.dumps(self._values.get(name))}; {why}."
        )

    def _odd(self, name: str, allowed: str) -> CheckpointError:
        if not self.has(name):
            return CheckpointError(
                f"{self._file}: {self._path}{name} is missing; it must be {allowed}."
            )
        return self.wrong(name, f"allowed is {allowed}")

    def _name(self, names: tuple[str, ...]) -> str:
        return next((name for name in names if self.has(name)), names[0])

    def _first(self, names: tuple[str, ...], default: Any) -> Any:
        value = self._values.get(self._name(names))
        return default if value is None else value
