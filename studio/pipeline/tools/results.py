"""What a tool returns, and the error that it raises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class ToolError(Exception):
    """The tool cannot do this; one sentence that says what was got and what is allowed."""


@dataclass(frozen=True, slots=True)
class ToolPicture:
    """A picture of a result: PNG, and what it shows."""

    words: str
    png: bytes


@dataclass(frozen=True, slots=True)
class ToolResult:
    """A short text for a model, and the same as data for a program.

    `files` are made for the caller (path → bytes); each door says where they went.
    """

    text: str
    data: Mapping[str, Any] = field(default_factory=dict)
    pictures: tuple[ToolPicture, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
