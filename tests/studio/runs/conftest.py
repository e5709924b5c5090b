"""One browser for a module's loops, and a mockup of the scripted models' page."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from studio.pipeline.bundle import Bundle
from studio.pipeline.rendering.render import Renderer
from tests.studio.runs.scripted import PAGE


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


@pytest.fixture(scope="module")
def mockup(renderer: Renderer) -> Image.Image:
    png = renderer.render(Bundle({"index.html": PAGE}), width=800, height=400).png
    return Image.open(io.BytesIO(png)).convert("RGB")
