from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studio.export.models import Repository
from studio.export.services import add_repository
from tests.people import adas_team, cast
from tests.studio.export.remotes import Bare


@pytest.fixture(autouse=True)
def no_heart(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's database is one transaction, which a second thread would wait for."""
    monkeypatch.setattr("studio.export.tasks.BEAT", 3600)


@pytest.fixture
def files_allowed(settings: Any) -> None:
    """Repositories on this disk, for tests."""
    settings.EXPORT_FILES = True


@pytest.fixture
def bare(tmp_path: Path, files_allowed: None) -> Bare:
    return Bare(tmp_path)


@pytest.fixture
def repository(db: None, bare: Bare) -> Repository:
    return add_repository(team=adas_team(), by=cast("ada"), kind="git", url=bare.url)
