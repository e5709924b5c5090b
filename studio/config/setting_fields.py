"""The fields and parsers of settings, which `environment` and `edge/limits` list. No Django."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
# Characters. Django's check (security.W009) requires 50, 5 of them distinct, for a SECRET_KEY. A
# VAULT_KEYS entry of 32 random characters has more than the 128 bits of the derived key.
SECRET_LENGTH = 50
VAULT_LENGTH = 32
DISTINCT = 5
SECRETS = ("SECRET_KEY", "VAULT_KEYS")  # never shown, not even in errors


class SettingError(Exception):
    """Raised for an invalid setting; the message says what is allowed."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Name, default and description of one setting: a row of docs/configuration.md."""

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
            masked = re.sub(r"//[^/@]*@", "//…@", text)  # keep a URL's password out of logs
            if self.name in SECRETS:
                masked = f"… ({len(text)} characters)"
            raise SettingError(
                f"Unexpected value {self.name}={masked}, use {self.allowed}"
            ) from None


def setting(name: str, default: str, read: Callable[[str], T], allowed: str, meaning: str) -> T:
    """Define a field of `Environ` that is read from the variable `name`."""
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
    """Parse an http(s) origin (scheme, name and port without a path), or ""."""
    parts = urlsplit(text.rstrip("/"))
    is_plain = not (parts.path or parts.query or parts.fragment or parts.username)
    if text and not (parts.scheme in ("http", "https") and parts.hostname and is_plain):
        raise ValueError(text)
    return text.rstrip("/")


def path_prefix(text: str) -> str:
    """Parse the path that the studio's addresses start with; "" for none, else like "/likeness"."""
    path = text.strip("/")
    names_of_path = path.split("/") if path else []
    for name in names_of_path:
        if not re.fullmatch(r"[\w.~-]+", name, re.ASCII) or set(name) == {"."}:
            raise ValueError(text)
    return f"/{path}" if path else ""


def url(*schemes: str) -> Callable[[str], str]:
    """Return a parser for URLs with one of the schemes, or ""."""

    def read(text: str) -> str:
        if text and urlsplit(text).scheme not in schemes:
            raise ValueError(text)
        return text

    return read


def model_address(text: str) -> str:
    """Parse a model's URL; "none" gives ""."""
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
    """Parse a host name or address with an optional port, or ""."""
    if text and not re.fullmatch(r"([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d{1,5})?", text):
        raise ValueError(text)
    return text


def secret(least: int) -> Callable[[str], str]:
    """Return a parser for secrets of at least `least` characters, or "".

    At least DISTINCT characters must differ.
    """

    def read(text: str) -> str:
        if text and (len(text) < least or len(set(text)) < DISTINCT):
            raise ValueError(text)
        return text

    return read


def secrets_of(least: int) -> Callable[[str], tuple[str, ...]]:
    """Return a parser for several secrets.

    The first one encrypts and must be long enough; older ones may only decrypt.
    """
    read_first = secret(least)

    def read(text: str) -> tuple[str, ...]:
        first, *older = names(text) or ("",)
        return (read_first(first), *older) if first else ()

    return read


def names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def lower_names(text: str) -> tuple[str, ...]:
    """Parse names whose letters may be of any case, such as e-mail addresses."""
    return names(text.lower())


def folder(text: str) -> Path:
    """Parse a path; relative ones start at the project's root."""
    return ROOT / Path(text).expanduser()


def count(low: int, high: int) -> str:
    return f"a whole number from {low} to {high}"
