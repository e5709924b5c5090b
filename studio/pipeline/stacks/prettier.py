"""Code as Prettier writes it (vendored by npm), with a repository's own settings. Without Node.js
it stays as it is.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from studio.pipeline.isolation.programs import run_limited

SCRIPT = Path(__file__).parent / "prettier.mjs"
SECONDS = 60.0
LEFT = ("package-lock.json",)

logger = logging.getLogger(__name__)


def format_files(files: Mapping[str, str], options: Mapping[str, Any]) -> dict[str, str]:
    """The same files, formatted; one that Prettier cannot read stays as it is."""
    node = shutil.which("node")
    if node is None:
        logger.warning("the export is not formatted: there is no Node.js here")
        return dict(files)
    given = json.dumps(
        {
            "files": {p: t for p, t in files.items() if not p.endswith(LEFT)},
            "options": dict(options),
        }
    )
    try:
        done = run_limited([node, "--max-old-space-size=384", str(SCRIPT)], given, seconds=SECONDS)
        return {**files, **json.loads(done.output)}
    except (TimeoutError, ValueError, OSError) as error:
        logger.warning("the export is not formatted: %s", type(error).__name__)
        return dict(files)
