"""Every test process has a data folder of its own and knows none of the machine's settings but the
browser's.
"""

from __future__ import annotations

import gc
import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest

from studio.config.environment import list_settings

# Before numpy and torch are loaded: two processes of tests share the machine, and threads that wait
# by spinning take the other's time. On a busy machine the engine's property test took 98 s with them
# and 3 s without.
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")
for known in list_settings():
    if known.name != "LIKENESS_BROWSER":
        os.environ.pop(known.name, None)
ROOT = Path(__file__).resolve().parents[1]
DATA_DIR = tempfile.mkdtemp(prefix="likeness-test-")
os.environ["DATA_DIR"] = DATA_DIR
os.environ["MODEL_URL"] = "none"  # the draft alone, unless a test names a model
os.environ["DJANGO_SETTINGS_MODULE"] = "studio.config.settings"
# Only now, and only for now: where pytest-django finds this name (in pyproject.toml, or a parallel
# worker in what it inherited), it reads the settings before this file could give them a data
# folder.
django.setup()
del os.environ["DJANGO_SETTINGS_MODULE"]

from django.test import Client  # noqa: E402
from django.utils import translation  # noqa: E402

from studio.teams.models import User  # noqa: E402
from tests.people import cast  # noqa: E402


def pytest_collection_finish() -> None:
    """Hide what collecting the tests made from the garbage collector: each run ends with a full
    collection, which takes seconds among the objects of ten thousand tests.
    """
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    shutil.rmtree(DATA_DIR, ignore_errors=True)


@pytest.fixture(scope="session")
def valkey() -> Iterator[None]:
    """A real Valkey behind `settings.REDIS_URL`."""
    from studio.processes.valkey import start

    server = start(Path(DATA_DIR))
    yield
    server.kill()
    server.wait()


@pytest.fixture(autouse=True)
def no_streams_open() -> None:
    """A socket that a test leaves open holds no place in the next one."""
    from studio.edge.slots import streams

    streams.cache_clear()


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A request in another language leaves the next test in English."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def mockup_png() -> bytes:
    """A small page, drawn: a dark band with a name, a heading, a line of text and a button."""
    from tests.drawing import landing_page

    out = io.BytesIO()
    landing_page().save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def ada(db: None) -> User:
    return cast("ada")


@pytest.fixture
def client(ada: User) -> Client:
    """Ada's browser, signed in."""
    client = Client()
    client.force_login(ada)
    return client
