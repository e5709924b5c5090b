"""What is exported builds where it arrives, and the built page looks like the studio's. Needs npm
and its registry.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from PIL import Image

from studio.export.assemble import assemble
from studio.export.conventions import Conventions
from studio.pipeline.perception.perceive import find_hints
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.likeness.compare import compare
from studio.pipeline.stacks import confined as conversions
from studio.pipeline.stacks.kinds import Stack
from tests.studio.pipeline.stacks.pages import draft

MARGIN = 0.02
SECONDS = 300  # npm on a busy machine


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


def npm(*words: str, cwd: Path) -> None:
    quiet = {
        **os.environ,
        "npm_config_audit": "false",
        "npm_config_fund": "false",
        "npm_config_update_notifier": "false",
    }
    done = subprocess.run(
        ["npm", *words],
        cwd=cwd,
        env=quiet,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]


def written(files: Mapping[str, bytes], folder: Path) -> None:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


@pytest.mark.parametrize("stack", ["tailwind", "react", "vue"])
def test_an_export_builds_and_looks_like_the_studios(
    renderer: Renderer, tmp_path: Path, stack: Stack
) -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed: it comes with Node.js")
    written(assemble(draft(), stack, "Harbour", {}, Conventions()), tmp_path)
    npm("ci", "--prefer-offline", "--loglevel", "error", cwd=tmp_path)
    npm("run", "build", cwd=tmp_path)
    ours = renderer.render(conversions.page(draft(), stack), width=1000)
    picture = Image.open(io.BytesIO(ours.png)).convert("RGB")
    hints = find_hints(picture)
    built = renderer.render_file(tmp_path / "dist" / "index.html", width=1000)
    assert compare(picture, hints, built).likeness > compare(picture, hints, ours).likeness - MARGIN
