"""The kinds of fields that requests have, with pydantic; what is wrong is told by
`errors.from_validation`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

MOST_TOKENS = 2**31 - 1
MOST_STOPS = 16


class Lenient(BaseModel):
    """An object of which only the declared fields are read. A missing field and null are the same."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", protected_namespaces=())

    @model_validator(mode="before")
    @classmethod
    def drop_nulls(cls, values: Any) -> Any:
        """Take null for missing, and what is required but missing for null."""
        if not isinstance(values, Mapping):
            return values
        required = (name for name, field in cls.model_fields.items() if field.is_required())
        return {
            **dict.fromkeys(required),
            **{name: value for name, value in values.items() if value is not None},
        }


class Strict(Lenient):
    """An object that may have no other fields; `hints` change nothing about the answer.

    `neutral`: fields that are known but not honoured, with the values that ask for nothing.
    `refused`: fields that are known and not honoured, with the reason.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="allow", protected_namespaces=())
    hints: ClassVar[frozenset[str]] = frozenset()
    neutral: ClassVar[Mapping[str, tuple[Any, ...]]] = {}
    refused: ClassVar[Mapping[str, str]] = {}

    @model_validator(mode="after")
    def refuse_unknown(self, info: ValidationInfo) -> Strict:
        """Refuse the first field that nothing here would honour."""
        policy = (info.context or {}).get("unknown", "refuse")
        for name, value in (self.model_extra or {}).items():
            if name in self.hints:
                continue
            if name in self.neutral:
                _check_neutral(name, value, self.neutral[name])
            elif name in self.refused:
                if value:
                    context = {"name": name, "reason": self.refused[name]}
                    raise PydanticCustomError("refused", "{name} {reason}", context)
            elif policy == "refuse":
                raise PydanticCustomError("unknown", "{name}", {"name": name})
        return self


def _check_neutral(name: str, value: Any, neutral: tuple[Any, ...]) -> None:
    if not any(type(value) is type(one) and value == one for one in neutral):
        allowed = " or ".join(map(repr, neutral))
        context = {"name": name, "reason": f"is {value!r}; allowed is only {allowed} or nothing"}
        raise PydanticCustomError("refused", "{name} {reason}", context)


def not_allowed(allowed: str) -> PydanticCustomError:
    """Return the error of a value, to be raised by a validator; `allowed` begins with is or are."""
    return PydanticCustomError("wrong", "allowed {allowed}", {"allowed": allowed})


def whole(low: int, high: int) -> BeforeValidator:
    """Allow whole numbers from `low` to `high`."""

    def check(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise not_allowed(f"are whole numbers from {low} to {high}")
        return value

    return BeforeValidator(check)


def real(low: float, high: float) -> BeforeValidator:
    """Allow numbers from `low` to `high`."""

    def check(value: Any) -> Any:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not low <= value <= high:
            raise not_allowed(f"are numbers from {low:g} to {high:g}")
        return float(value)

    return BeforeValidator(check)


def _check_stops(value: Any) -> Any:
    found = [value] if isinstance(value, str) else value
    if (
        not isinstance(found, list)
        or len(found) > MOST_STOPS
        or not all(isinstance(one, str) and one for one in found)
    ):
        raise not_allowed(f"are a string and a list of up to {MOST_STOPS}, none of them empty")
    return tuple(found)


def _check_objects(value: Any) -> Any:
    if not isinstance(value, list) or not value:
        raise not_allowed("is a list of objects with at least one")
    return value


def _check_biases(value: Any) -> Any:
    wrong = not_allowed("is an object of token ids, each with a number from -100 to 100")
    if not isinstance(value, Mapping):
        raise wrong
    biases = []
    for token, bias in value.items():
        number = isinstance(bias, int | float) and not isinstance(bias, bool)
        if not str(token).isascii() or not str(token).isdigit() or not number:
            raise wrong
        if not -100 <= bias <= 100:  # also for NaN
            raise wrong
        biases.append((int(token), float(bias)))
    return tuple(biases)


class _Context(dict[str, Any]):
    """What an error tells; typing hashes all that a union is annotated with."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self.items()))


def one_of(
    field: str, members: Mapping[str, str], allowed: str, *, missing: str | None = None
) -> Discriminator:
    """Choose a union's member by the text in `field`; `members`: that text -> the member's tag.

    `missing`: the tag of an object without `field`.
    """

    def tag_of(value: Any) -> str | None:
        if not isinstance(value, Mapping):
            return None
        kind = value.get(field)
        if kind is None:
            return missing
        return members.get(kind) if isinstance(kind, str) else None

    context = _Context(allowed=allowed, inside=field)
    return Discriminator(tag_of, "wrong", "allowed {allowed}", context)


def text_or_list(allowed: str) -> Discriminator:
    """Choose the member `~text` for a string and `~list` for a list."""
    return _by_kind({str: "~text", list: "~list"}, allowed)


def text_or_object(allowed: str) -> Discriminator:
    """Choose the member `~text` for a string and `~object` for an object."""
    return _by_kind({str: "~text", dict: "~object"}, allowed)


def _by_kind(tags: Mapping[type, str], allowed: str) -> Discriminator:
    return Discriminator(
        lambda value: tags.get(type(value)),
        "wrong",
        "allowed {allowed}",
        _Context(allowed=allowed),
    )


Stops = Annotated[tuple[str, ...], BeforeValidator(_check_stops)]
AtLeastOne = BeforeValidator(_check_objects)
Biases = Annotated[tuple[tuple[int, float], ...], BeforeValidator(_check_biases)]
TokenCount = Annotated[int, whole(1, MOST_TOKENS)]
