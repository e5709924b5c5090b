"""What tests of the API share."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def many_requests(settings: Any) -> None:
    """Allow more requests a minute than all these tests make; tests/studio/accounts/test_limits.py says what holds."""
    settings.API_REQUESTS = settings.TEAM_API_REQUESTS = 1_000_000
