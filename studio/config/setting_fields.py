"""What one setting is, and how its text becomes a value. `environ` and `edge/limits` list the
settings.

Knows nothing of Django.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
# Characters. Django's own check (security.W009) asks 50 and 5 of a SECRET_KEY; a VAULT_KEYS entry
# of 32 random characters holds more than the 128 bits of the cipher that it becomes the key of.
SECRET_LENGTH, VAULT_LENGTH, DISTINCT = 50, 32, 5
SECRETS = ("SECRET_KEY", "VAULT_KEYS")  # never shown, not even in an error


class SettingError(Exception):
    """A setting that cannot be used; the message is one sentence that says what is allowed."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How one setting is spelled and explained: a row of docs/configuration.md."""

    name: str
    default: str
    allowed: str
    meaning: str
    read: Callable[[str], Any]

    def value(self, environment: Mapping[str, str]) -> Any:
        text = environment.get(self.name) or self.default
        try:
            return self.read(text)
        except ValueError:
            shown = re.sub(r"//[^/@]*@", "//…@", text)  # a URL's password stays out of logs
            if self.name in SECRETS:
                shown = f"… ({len(text)} characters)"
            raise SettingError(
                f"Unexpected value {self.name}={shown}, use {self.allowed}"
            ) from None


def setting(name: str, default: str, read: Callable[[str], T], allowed: str, meaning: str) -> T:
    """A field of `Environ` that is read from the variable `name`."""
    return cast(T, field(metadata={"setting": Setting(name, default, allowed, meaning, read)}))


def boolean(text: str) -> bool:
    if text not in ("True", "False"):
        raise ValueError(text)
    return text == "True"


def whole(low: int, high: int) -> Callable[[str], int]:
    return lambda text: within(int(text), low, high)


def number(low: float, high: float) -> Callable[[str], float]:
    return lambda text: within(float(text), low, high)


def within(value: T, low: Any, high: Any) -> T:
    if not low <= value <= high:
        raise ValueError(value)
    return value


def site(text: str) -> str:
    """Empty, or the http(s) address of a site: scheme, name and port, without a path."""
    parts = urlsplit(text.rstrip("/"))
    is_plain = not (parts.path or parts.query or parts.fragment or parts.username)
    if text and not (parts.scheme in ("http", "https") and parts.hostname and is_plain):
        raise ValueError(text)
    return text.rstrip("/")


def url(*schemes: str) -> Callable[[str], str]:
    """Empty, or a URL of one of the schemes."""

    def read(text: str) -> str:
        if text and urlsplit(text).scheme not in schemes:
            raise ValueError(text)
        return text

    return read


def model_address(text: str) -> str:
    """A model's URL, or nothing where it says none."""
    return "" if text == "none" else url("http", "https", "local")(text)


def one_of(*allowed: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(text)
        return text

    return read


def slug(text: str) -> str:
    if not re.fullmatch(r"[\w-]{1,100}", text, re.ASCII):
        raise ValueError(text)
    return text


def host_name(text: str) -> str:
    """Empty, or a host name (or address) with an optional port."""
    if text and not re.fullmatch(r"([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d{1,5})?", text):
        raise ValueError(text)
    return text


def secret(least: int) -> Callable[[str], str]:
    """Empty, or a text of at least `least` characters, most of them different."""

    def read(text: str) -> str:
        if text and (len(text) < least or len(set(text)) < DISTINCT):
            raise ValueError(text)
        return text

    return read


def secrets_of(least: int) -> Callable[[str], tuple[str, ...]]:
    """Several; the first one encrypts and must be long enough, older ones may have to be read
    still.
    """
    read_first = secret(least)

    def read(text: str) -> tuple[str, ...]:
        first, *older = names(text) or ("",)
        return (read_first(first), *older) if first else ()

    return read


def names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def folder(text: str) -> Path:
    """An absolute path; a relative one starts at the project."""
    return ROOT / Path(text).expanduser()


def count(low: int, high: int) -> str:
    return f"a whole number from {low} to {high}"
