"""What of a page became a design system's tokens and components, and what could not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["color", "type", "space", "radius", "font", "component"]


@dataclass(frozen=True, slots=True)
class MappedValue:
    """A value of the page and the token that it became."""

    kind: Kind
    value: str
    token: str
    uses: int


@dataclass(frozen=True, slots=True)
class UnmappedValue:
    """A value that stays, the nearest token, and how often the page has it."""

    kind: Kind
    value: str
    nearest: str
    uses: int


@dataclass(slots=True)
class DesignReport:
    """What of a page a design system was used for, and what not."""

    mapped: list[MappedValue] = field(default_factory=list)
    unmapped: list[UnmappedValue] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {
            "mapped": [[one.kind, one.value, one.token, one.uses] for one in self.mapped],
            "unmapped": [[one.kind, one.value, one.nearest, one.uses] for one in self.unmapped],
        }
