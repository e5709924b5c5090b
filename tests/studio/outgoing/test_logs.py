"""Log lines hold what other machines said on one line, and no secrets."""

from __future__ import annotations

import logging
import logging.config

import pytest

from studio.config.logging import build_logging_config, mask_secrets, quote_peer


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Authorization: Bearer abcdef0123456789", "Authorization: Bearer …"),
        ("authorization: basic Z2l0OnRva2VuMTIz", "authorization: basic …"),
        ("https://ada:secret@host/path", "https://…@host/path"),
        ("key sk-abcdefgh12345678.", "key …"),
        ("ghp_abcdefgh12345678 and glpat-abcdefgh12345678", "… and …"),
        ("a basic page about bearer tokens", "a basic page about bearer tokens"),
    ],
)
def test_what_looks_like_a_secret_is_masked(text: str, masked: str) -> None:
    assert mask_secrets(text) == masked


def test_given_secrets_are_masked_whatever_they_look_like() -> None:
    assert mask_secrets("no such token t0ken here", ["t0ken", ""]) == "no such token … here"


def test_what_a_machine_said_cannot_begin_a_line_of_its_own() -> None:
    said = quote_peer("one\r\n2026-01-01 ERROR root: forged\x1b[31m\u202e" + "x" * 5000)
    assert said.startswith("one 2026-01-01 ERROR root: forged")
    assert said.isprintable()
    assert len(said) == 300


@pytest.mark.parametrize("form", ["line", "json"])
def test_every_line_is_masked_its_traceback_too(form: str) -> None:
    config = build_logging_config(form)["formatters"][form]
    made = logging.config.DictConfigurator({}).configure_formatter(dict(config))
    try:
        raise ValueError("Bearer abcdef0123456789")
    except ValueError as error:
        record = logging.LogRecord(
            "x", 40, "", 1, "at %s", ("https://a:bcd@h/",), (ValueError, error, None)
        )
    record.about = ""
    line = made.format(record)
    assert "abcdef0123456789" not in line
    assert "bcd@" not in line


def test_a_browser_that_was_ended_leaves_no_line_for_each_open_request() -> None:
    logging.config.dictConfig(build_logging_config("line"))
    words = (
        "Task was destroyed but it is pending!\ntask: <Task coro=<BrowserContext._on_route() {}>"
    )
    logger = logging.getLogger("asyncio")

    def is_logged(place: str) -> bool:
        text = words.format(f"running at {place}")
        return bool(logger.filter(logging.makeLogRecord({"msg": text, "name": "asyncio"})))

    assert not is_logged("/packages/playwright/_impl/browser_context.py:406")
    assert is_logged("/studio/edge/protocol.py:12")
