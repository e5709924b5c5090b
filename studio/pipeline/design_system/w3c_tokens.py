"""Design tokens as the W3C's community group defines them: JSON with `$value` and `$type`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from studio.pipeline.design_system.model import DesignSystemError

DEEPEST = 12  # groups inside each other, and aliases of aliases
ALIAS = re.compile(r"^\{([\w .$-]+)\}$")


def read_w3c_tokens(text: str) -> dict[str, str]:
    """Return path with dashes → CSS value; tokens without a value that CSS has are left out."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise DesignSystemError(f"This is not JSON: {error}.") from None
    except RecursionError:
        raise DesignSystemError("The JSON is nested too deeply.") from None
    if not isinstance(data, dict):
        raise DesignSystemError("Design tokens are a JSON object of groups and tokens.")
    values = dict(_walk(data, (), "", 0))
    found: dict[str, str] = {}
    for path, (kind, value) in values.items():
        plain = _follow(value, values)
        for suffix, text_value in _write_values(kind, plain, values):
            found["-".join((*path, *suffix))] = text_value
    return found


Path = tuple[str, ...]
Values = Mapping[Path, tuple[str, Any]]


def _walk(
    group: Mapping[str, Any], path: Path, kind: str, depth: int
) -> Iterator[tuple[Path, tuple[str, Any]]]:
    if depth > DEEPEST:
        raise DesignSystemError(f"The groups are more than {DEEPEST} levels deep.")
    kind = str(group.get("$type") or group.get("type") or kind)
    for key in ("$value", "value"):
        if key in group and path:
            yield path, (kind, group[key])
            return
    for name, inner in group.items():
        if isinstance(inner, dict) and not name.startswith("$"):
            yield from _walk(inner, (*path, name), kind, depth + 1)


def _follow(value: Any, values: Values) -> Any:
    """Return the value that an alias ('{color.brand}') stands for."""
    for _ in range(DEEPEST):
        match = ALIAS.match(value) if isinstance(value, str) else None
        if match is None:
            return value
        _, value = values.get(tuple(match[1].split(".")), ("", None))
    return None


def _write_values(kind: str, value: Any, values: Values) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict) and kind == "typography":
        for name, suffix in (("fontFamily", "font-family"), ("fontSize", "font-size")):
            inner = _write_value(_follow(value.get(name), values))
            if inner:
                yield (suffix,), inner
        return
    if text := _write_value(value):
        yield _name_kind(kind), text


def _name_kind(kind: str) -> Path:
    return {"fontFamily": ("font-family",), "fontSizes": ("font-size",)}.get(kind, ())


def _write_value(value: Any) -> str:
    """Return a color, dimension or list of families as CSS; '' for anything else."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        return ", ".join(f'"{part}"' if " " in part else part for part in value)
    if not isinstance(value, dict):
        return ""
    if isinstance(value.get("hex"), str) and value.get("alpha", 1) == 1:
        return str(value["hex"])
    if "colorSpace" in value:
        return _write_color(value)
    number, unit = value.get("value"), value.get("unit")
    if isinstance(number, int | float) and unit in ("px", "rem"):
        return f"{number:g}{unit}"
    return ""


def _write_color(value: Mapping[str, Any]) -> str:
    parts = value.get("components")
    if not isinstance(parts, list) or len(parts) != 3 or value.get("alpha", 1) != 1:
        return ""
    if not all(isinstance(part, int | float) for part in parts):
        return ""
    numbers = " ".join(f"{part:g}" for part in parts)
    space = str(value["colorSpace"])
    if space in ("oklch", "oklab", "lab", "lch"):
        return f"{space}({numbers})"
    return f"color({space} {numbers})" if re.fullmatch(r"[\w-]+", space) else ""
