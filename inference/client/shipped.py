"""The folder and the task of a checkpoint named `local:…`. Imports nothing large."""

from __future__ import annotations

from pathlib import Path

import inference
from inference.checkpoint.json_fields import CheckpointError, read_json
from inference.types import ModelError, Task

LOCAL = "local:"  # what a MODEL_URL begins with that names a checkpoint of this machine
SHIPPED = Path(inference.__file__).parent / "weights"


def find_folder(name_or_path: str) -> Path:
    """Return the folder of a shipped model or the given folder. Raises ModelError for others."""
    for folder in (SHIPPED / name_or_path, Path(name_or_path)):
        if name_or_path and (folder / "config.json").is_file():
            return folder.resolve()
    shipped = sorted(path.parent.name for path in SHIPPED.glob("*/config.json"))
    names = f" or one of {', '.join(shipped)}" if shipped else "; this version ships no model"
    raise ModelError(f"MODEL_URL is local:{name_or_path}; use a folder with a config.json{names}.")


def read_task(folder: Path) -> Task:
    """Return the task in a checkpoint's likeness.json, "page" by default. Raises ModelError."""
    path = folder / "likeness.json"
    if not path.is_file():
        return "page"
    try:
        task = read_json(path).get("task")
    except CheckpointError as error:
        raise ModelError(str(error)) from None
    return "walk" if task == "walk" else "page"
