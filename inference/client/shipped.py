"""Where a checkpoint named `local:…` lies and what it was trained to answer with; loads nothing
heavy.
"""

from __future__ import annotations

from pathlib import Path

import inference
from inference.checkpoint.json_fields import CheckpointError, read_json
from inference.types import ModelError, Task

SHIPPED = Path(inference.__file__).parent / "weights"


def find_folder(name_or_path: str) -> Path:
    """Raises ModelError for what is neither a shipped model's name nor a folder."""
    for folder in (SHIPPED / name_or_path, Path(name_or_path)):
        if name_or_path and (folder / "config.json").is_file():
            return folder.resolve()
    shipped = sorted(path.parent.name for path in SHIPPED.glob("*/config.json"))
    names = (
        f"one of {', '.join(shipped)}" if shipped else "no name, for none ships with this version"
    )
    raise ModelError(
        f"MODEL_URL is local:{name_or_path}; allowed is a folder with a config.json, or {names}."
    )


def read_task(folder: Path) -> Task:
    """What a checkpoint of ours was trained to answer with; any other writes pages. Raises
    ModelError.
    """
    about = folder / "likeness.json"
    try:
        return "walk" if about.is_file() and read_json(about).get("task") == "walk" else "page"
    except CheckpointError as error:
        raise ModelError(str(error)) from None
