"""What counts as the address of a page."""

from __future__ import annotations

import pytest

from studio.capture.addresses import (
    CaptureError,
    read_address,
    read_optional_address,
    shorten_address,
)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("example.com", "https://example.com"),
        (" http://example.com/a?b=c#d ", "http://example.com/a?b=c#d"),
        ("//example.com/a", "https://example.com/a"),
        ("localhost:3000/x", "https://localhost:3000/x"),
        ("HTTPS://example.com", "HTTPS://example.com"),
        ("https://münchen.example/ü", "https://münchen.example/ü"),
    ],
)
def test_an_address_gets_its_scheme(typed: str, read: str) -> None:
    assert read_address(typed) == read


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("file:///etc/passwd", "begins with file:"),
        ("data:text/html,<p>x", "begins with data:"),
        ("javascript:alert(1)", "begins with javascript:"),
        ("view-source:https://example.com", "begins with view-source:"),
        ("chrome://settings", "begins with chrome:"),
        ("ftp://example.com/a.png", "begins with ftp:"),
        ("a page please", "not an address"),
        ("https://", "not an address"),
        ("https://[::1", "not an address"),
        ("https://example.com:99999", "not an address"),
        ("https://example.com/\x00", "not an address"),
        ("https://example.com/\u202egnp", "not an address"),
        ("https://example.com\u2028.org", "not an address"),
        ("https://example\u200b.com\x85", "not an address"),
        ("https://ada:secret@example.com", "leave it out"),
        (f"https://{'a.' * 127}com", "not an address"),
        (f"https://example.com/{'a' * 2000}", "2020 characters"),
    ],
)
def test_what_is_none_gets_one_sentence(typed: str, words: str) -> None:
    with pytest.raises(CaptureError, match=words) as refused:
        read_address(typed)
    assert "secret" not in str(refused.value)


def test_nothing_typed_is_no_address() -> None:
    assert read_optional_address("  ") == ""


def test_people_see_host_and_path_without_the_query() -> None:
    assert shorten_address("https://example.com/pricing/?token=x#y") == "example.com/pricing"
