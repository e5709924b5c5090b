"""NO_PROXY is read from the environment alone, on every system."""

from __future__ import annotations

import urllib.request
from typing import NoReturn

import pytest

from inference.client.proxies import find_proxy


def test_no_proxy_counts_where_the_system_has_settings_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def bypass_by_system(host: str) -> NoReturn:  # as on macOS and Windows: one argument
        raise AssertionError(host)

    monkeypatch.setattr(urllib.request, "proxy_bypass", bypass_by_system)
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "models.example")
    assert find_proxy("https://models.example/v1") is None
    assert find_proxy("https://other.example/v1") == "http://proxy.example:3128"
