"""The panels' sizes come from a cookie; what is no size is ignored."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from studio.runs.panel_sizes import COOKIE, NARROWEST, WIDEST, PanelSizes, read_panel_sizes


@pytest.mark.parametrize(
    ("cookie", "sizes"),
    [
        ("336.300.open", PanelSizes(336, 300, "open")),
        ("..closed", PanelSizes(None, None, "closed")),
        ("1.9999.", PanelSizes(NARROWEST, WIDEST, "")),
        ("", PanelSizes()),
        ("336.300", PanelSizes()),
        ("-5.1e3.;color:red", PanelSizes(None, None, "")),
        ("٣٣٦.99999.open", PanelSizes(None, None, "open")),
    ],
)
def test_a_cookie_is_read_within_bounds(cookie: str, sizes: PanelSizes) -> None:
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = cookie
    assert read_panel_sizes(request) == sizes
