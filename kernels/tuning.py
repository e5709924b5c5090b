"""Tables of tile sizes and pipeline depths of kernels, by device, form and size.

`kernels/tables` has one for the H100, one for the H200 and one for all other GPUs. The results of
`python -m kernels bench --tune` are stored in the user's cache folder by the device's full name
and take precedence.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

import torch

TABLES = Path(__file__).with_name("tables")
SHIPPED = {"H100": "h100", "H200": "h200"}

Setting = Mapping[str, int]
Table = Mapping[str, Mapping[str, Setting]]  # form -> largest size ("*": any) -> setting

_replacement: ContextVar[Table | None] = ContextVar("replacement", default=None)


def find_setting(form: str, size: int, device: torch.device) -> Setting:
    """Return the entry of the smallest size that is at least `size`."""
    table = _replacement.get()
    if table is None:
        table = load_table(torch.cuda.get_device_name(device) if device.type == "cuda" else "")
    sizes = table[form]
    large_enough = (entry for entry in sizes if entry != "*" and int(entry) >= size)
    return sizes[min(large_enough, key=int, default="*")]


@cache
def load_table(device: str) -> Table:
    """Return the shipped table for a device's name, updated with measurements on this machine."""
    shipped = next((file for part, file in SHIPPED.items() if part in device), "any")
    table = _read_settings(TABLES / f"{shipped}.json")
    measured = cache_file(device)
    if device and measured.exists():
        for form, sizes in _read_settings(measured).items():
            if form in table:
                table[form] = {**table[form], **sizes}
    return table


def _read_settings(path: Path) -> dict[str, Any]:
    settings: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["settings"]
    return settings


def cache_file(device: str) -> Path:
    """Return the file with the measured settings of a device.

    It is in $XDG_CACHE_HOME/likeness/kernels, by default in ~/.cache/likeness/kernels.
    """
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    name = re.sub(r"[^a-z0-9]+", "-", device.lower()).strip("-") or "none"
    return home / "likeness" / "kernels" / f"{name}.json"


def keep(
    device: str, settings: Mapping[str, Mapping[str, Setting]], about: Mapping[str, str]
) -> Path:
    """Add measured settings to the device's file atomically, and return its path."""
    path = cache_file(device)
    content: dict[str, Any] = {"settings": {}}
    if path.exists():
        content = json.loads(path.read_text(encoding="utf-8"))
    for form, sizes in settings.items():
        content["settings"][form] = {**content["settings"].get(form, {}), **sizes}
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.write_text(
        json.dumps({**content, "device": device, **about}, indent=1) + "\n", encoding="utf-8"
    )
    temporary.replace(path)
    load_table.cache_clear()
    return path


@contextmanager
def use_table(table: Table) -> Iterator[None]:
    """Use this table in the `with` block instead of the device's."""
    token = _replacement.set(table)
    try:
        yield
    finally:
        _replacement.reset(token)
