"""Why a connection was not made or not finished. Each message is one sentence of ours, fit for
whoever asked.
"""

from __future__ import annotations


class OutgoingError(Exception):
    """`host`: as it was asked for."""

    def __init__(self, host: str, sentence: str) -> None:
        super().__init__(sentence)
        self.host = host


class Denied(OutgoingError):
    """The studio does not connect there. Raised before any connection, so it says nothing about
    what listens.
    """


class Unreachable(OutgoingError):
    """The name was not found, or nothing answered at an address that is allowed."""


class TooSlow(OutgoingError):
    """The whole exchange took longer than its deadline, however steadily bytes came."""


class TooLarge(OutgoingError):
    """The other side sent more bytes than allowed."""
