"""How large a kernel's tiles are and how deep its pipeline: tables in files, by device, form and
size.

`kernels/tables` ships one for the H100 and the H200 and one for every other GPU; what `python -m
kernels bench --tune` finds is kept in the user's cache folder, by the device's full name, and goes
before them.
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
Table = Mapping[
    str, Mapping[str, Setting]
]  # form -> the largest size it is for ("*": any) -> setting

_instead: ContextVar[Table | None] = ContextVar("instead", default=None)


def find_setting(form: str, size: int, device: torch.device) -> Setting:
    """The entry of the smallest size that is not below `size`."""
    table = _instead.get()
    if table is None:
        table = load_table(torch.cuda.get_device_name(device) if device.type == "cuda" else "")
    sizes = table[form]
    return sizes[
        min((known for known in sizes if known != "*" and int(known) >= size), key=int, default="*")
    ]


@cache
def load_table(device: str) -> Table:
    """The shipped table for a device's name, with what was measured on this machine in its place."""
    shipped = next((file for part, file in SHIPPED.items() if part in device), "any")
    table: dict[str, Any] = json.loads((TABLES / f"{shipped}.json").read_text(encoding="utf-8"))[
        "settings"
    ]
    kept = cache_file(device)
    if device and kept.exists():
        for form, sizes in json.loads(kept.read_text(encoding="utf-8"))["settings"].items():
            if form in table:
                table[form] = {**table[form], **sizes}
    return table


def cache_file(device: str) -> Path:
    """Where the measured settings of a device are kept: $XDG_CACHE_HOME/likeness/kernels, ~/.cache
    without it.
    """
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return (
        home
        / "likeness"
        / "kernels"
        / f"{re.sub(r'[^a-z0-9]+', '-', device.lower()).strip('-') or 'none'}.json"
    )


def keep(
    device: str, settings: Mapping[str, Mapping[str, Setting]], about: Mapping[str, str]
) -> Path:
    """Adds measured settings to the device's file; a reader never sees half of it."""
    path = cache_file(device)
    held: dict[str, Any] = (
        json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"settings": {}}
    )
    for form, sizes in settings.items():
        held["settings"][form] = {**held["settings"].get(form, {}), **sizes}
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}")
    half.write_text(
        json.dumps({**held, "device": device, **about}, indent=1) + "\n", encoding="utf-8"
    )
    half.replace(path)
    load_table.cache_clear()
    return path


@contextmanager
def use_table(table: Table) -> Iterator[None]:
    token = _instead.set(table)
    try:
        yield
    finally:
        _instead.reset(token)
