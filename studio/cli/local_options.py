"""What a person allows the tools on their own machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class LocalOptions:
    """Folders (the first is the working folder), hosts whose pages may be opened, and a model."""

    folders: tuple[Path, ...]
    hosts: tuple[str, ...] = ()
    any_host: bool = False
    browser: str = ""
    model_url: str = ""
    model_name: str = ""
    model_key: str = ""
