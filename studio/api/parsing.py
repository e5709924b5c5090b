"""How request bodies and parameters become values: JSON as its standard has it, and numbers that a
database holds.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any, NoReturn

from django.http import HttpRequest
from ninja import Field
from ninja.parser import Parser
from pydantic import AfterValidator

LARGEST_ID = 2**63 - 1  # of SQLite's and PostgreSQL's 8-byte integers


class StrictParser(Parser):
    """Refuses what Python's json takes beyond the standard (NaN, Infinity), and texts that
    PostgreSQL cannot store.
    """

    def parse_body(self, request: HttpRequest) -> Any:
        found = json.loads(request.body, parse_constant=_refuse_constant)
        _refuse_nul(found)
        return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _refuse_nul(value: Any) -> None:
    if isinstance(value, str) and "\0" in value:
        raise ValueError("a text holds the character U+0000")
    if isinstance(value, dict):
        for name, one in value.items():
            _refuse_nul(name)
            _refuse_nul(one)
    if isinstance(value, list):
        for one in value:
            _refuse_nul(one)


def _in_utc(moment: datetime) -> datetime:
    """A moment without a zone is UTC; years 1 and 9999 have moments that no other zone has."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("use a moment between the years 1 and 9999 in UTC") from None


Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Moment = Annotated[datetime, AfterValidator(_in_utc)]
