from __future__ import annotations

from collections.abc import Iterator

import pytest

from studio.pipeline.rendering.render import Renderer


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer
