"""Errors of outgoing connections. Each message is one sentence of ours that can be shown."""

from __future__ import annotations


class OutgoingError(Exception):
    """Base class; `host` is the requested host."""

    def __init__(self, host: str, sentence: str) -> None:
        super().__init__(sentence)
        self.host = host


class Denied(OutgoingError):
    """Raised before any connection if the host is forbidden, so it reveals nothing about it."""


class Unreachable(OutgoingError):
    """Raised if the name is unknown or no allowed address answers."""


class TooSlow(OutgoingError):
    """Raised if the whole exchange exceeds its deadline, even with a steady stream of bytes."""


class TooLarge(OutgoingError):
    """Raised if the other side sends more bytes than allowed."""
