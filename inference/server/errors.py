"""What a request can be refused for. How a refusal looks on the wire, each API says for itself."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """`field` is where the fault is, None when it is no field's."""

    status = 400

    def __init__(
        self,
        message: str,
        field: str | None = None,
        *,
        status: int = 400,
        retry_after: int | None = None,
    ):
        super().__init__(message)
        self.message, self.field, self.status, self.retry_after = (
            message,
            field,
            status,
            retry_after,
        )


def wrong(field: str, got: Any, allowed: str) -> Refused:
    """One sentence: the field, what was got, what is allowed."""
    shown = repr(got)
    shown = shown if len(shown) <= 80 else f"{shown[:77]}…"
    return Refused(f"{field} is {shown}; allowed {allowed}.", field)
