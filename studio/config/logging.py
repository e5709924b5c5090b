"""Log lines as text or JSON, with the run they are about and without secrets."""

from __future__ import annotations

import json
import logging
import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_run: ContextVar[str] = ContextVar("run", default="")

# Always secret: HTTP credentials, logins in URLs, keys of known services.
CREDENTIALS = re.compile(r"(?i)\b(bearer|basic) [\w.~+/=-]{12,}")
LOGIN = re.compile(r"//[^/@\s]+@")
KEYS = re.compile(r"\b(?:sk-|gh[pousr]_|github_pat_|glpat-)[\w/+=.-]{8,}")
WORDS = 300  # characters of another machine's words in a log line


def mask_secrets(text: str, secrets: Iterable[str] = ()) -> str:
    """Replace the given secrets and everything that looks like one."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "…")
    text = LOGIN.sub("//…@", KEYS.sub("…", text))
    return CREDENTIALS.sub(r"\1 …", text)


def quote_peer(words: str, secrets: Iterable[str] = ()) -> str:
    """Return another machine's words for a log line: masked, printable, bounded."""
    masked = mask_secrets(words, secrets)
    printable = "".join(letter if letter.isprintable() else " " for letter in masked[: 4 * WORDS])
    return " ".join(printable.split())[:WORDS]


@contextmanager
def run_in_log(run_id: uuid.UUID) -> Iterator[None]:
    """Add the run's id to every line logged in the block."""
    token = _run.set(str(run_id))
    try:
        yield
    finally:
        _run.reset(token)


def get_run_in_log() -> str:
    """Return the id of the run that lines logged here are about; "" for none."""
    return _run.get()


class RunFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        from studio.config.tracing import find_trace_id

        record.run = _run.get()
        record.trace = find_trace_id()
        record.about = f" [run {_run.get()}]" if _run.get() else ""
        return True


class BrowserRemains(logging.Filter):
    """Drops what asyncio says of a browser that was ended: a line for each open request of its page."""

    REMAINS = ("Task was destroyed but it is pending!", "Future exception was never retrieved")

    def filter(self, record: logging.LogRecord) -> bool:
        words = record.getMessage()
        is_of_browser = "playwright" in words or "Connection closed while reading" in words
        return not (is_of_browser and words.startswith(self.REMAINS))


class UnknownHosts(logging.Filter):
    """Shortens what Django logs of a request under a name that is not in ALLOWED_HOSTS: 13 lines with
    a traceback for each visit of a scanner, whose `Host` may have 32 kB.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = quote_peer(record.getMessage()), ()
        record.exc_info = None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


class LineFormatter(logging.Formatter):
    """Formats lines as text, without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        return mask_secrets(super().format(record))


class JsonFormatter(logging.Formatter):
    """Formats lines as JSON objects with time, level, logger, message, run, trace and error."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": mask_secrets(record.getMessage()),
        }
        if run := getattr(record, "run", ""):
            line["run"] = run
        if trace := getattr(record, "trace", ""):
            line["trace"] = trace
        if record.exc_info:
            line["error"] = mask_secrets(self.formatException(record.exc_info))
        return json.dumps(line)


def build_logging_config(form: str) -> dict[str, Any]:
    """Build Django's LOGGING; `form` is "line" or "json"."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "run": {"()": "studio.config.logging.RunFilter"},
            "remains": {"()": "studio.config.logging.BrowserRemains"},
            "hosts": {"()": "studio.config.logging.UnknownHosts"},
        },
        "formatters": {
            "line": {
                "()": "studio.config.logging.LineFormatter",
                "format": "{asctime} {levelname} {name}{about}: {message}",
                "style": "{",
            },
            "json": {"()": "studio.config.logging.JsonFormatter"},
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": form, "filters": ["run"]}
        },
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "asyncio": {"filters": ["remains"]},
            "django.security.DisallowedHost": {"filters": ["hosts"]},
            "httpx": {"level": "WARNING"},
            "celery": {"level": "WARNING"},
            "RapidOCR": {"level": "WARNING"},
            "paramiko": {"level": "CRITICAL"},  # it also logs tracebacks of errors that it raises
        },
    }
