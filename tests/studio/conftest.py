"""What most tests of the studio share."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def private_allowed(settings: Any) -> None:
    """Allow models, webhooks and repositories on this machine, where all servers of tests are.

    tests/studio/outgoing says what holds without.
    """
    settings.OUTGOING_PRIVATE = True
