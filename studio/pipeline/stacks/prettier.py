"""Code formatted by Prettier (vendored by npm) with a repository's own settings.

Without Node.js it stays unformatted.
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
SECONDS = 60.0  # Prettier's time limit
UNFORMATTED = ("package-lock.json",)

logger = logging.getLogger(__name__)


def format_files(files: Mapping[str, str], options: Mapping[str, Any]) -> dict[str, str]:
    """Return the same files, formatted; one that Prettier cannot read stays unchanged."""
    node = shutil.which("node")
    if node is None:
        logger.warning("the export is not formatted: Node.js is not installed")
        return dict(files)
    request = json.dumps(
        {
            "files": {p: t for p, t in files.items() if not p.endswith(UNFORMATTED)},
            "options": dict(options),
        }
    )
    try:
        finished = run_limited(
            [node, "--max-old-space-size=384", str(SCRIPT)], request, seconds=SECONDS
        )
        return {**files, **json.loads(finished.output)}
    except (TimeoutError, ValueError, OSError) as error:
        logger.warning("the export is not formatted: %s", type(error).__name__)
        return dict(files)
