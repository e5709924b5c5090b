from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.inference.client.scripted import ScriptedServer, serving


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with serving() as server:
        yield server
