"""Strict parsing of request bodies and parameters."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Annotated, Any, NoReturn

from django.http import HttpRequest
from ninja import Field
from ninja.parser import Parser
from pydantic import AfterValidator, BeforeValidator

LARGEST_ID = 2**63 - 1  # of SQLite's and PostgreSQL's 8-byte integers


class StrictParser(Parser):
    """Parses standard JSON only (no NaN, Infinity), without texts that PostgreSQL cannot store."""

    def parse_body(self, request: HttpRequest) -> Any:
        body = json.loads(request.body, parse_constant=_refuse_constant)
        _refuse_nul(body)
        return body


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not valid JSON")


def _refuse_nul(value: Any) -> None:
    if isinstance(value, str) and "\0" in value:
        raise ValueError("a text contains the character U+0000")
    if isinstance(value, dict):
        for name, item in value.items():
            _refuse_nul(name)
            _refuse_nul(item)
    if isinstance(value, list):
        for item in value:
            _refuse_nul(item)


def _in_utc(moment: datetime) -> datetime:
    """Convert to UTC, which is the default; extreme dates may not exist in UTC."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("use a moment between the years 1 and 9999 in UTC") from None


def _require_text(moment: Any) -> Any:
    """Refuse numbers, which would be taken for seconds since 1970."""
    if isinstance(moment, str) and re.fullmatch(r"[+-]?\d*\.?\d*", moment.strip()):
        raise ValueError("use a moment such as 2026-01-31T12:00:00Z")
    return moment


def write_moment(moment: datetime) -> str:
    """Return the moment in UTC without a "+", which a query string would have to escape."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
UploadId = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Moment = Annotated[datetime, BeforeValidator(_require_text), AfterValidator(_in_utc)]
