"""Log lines for people or for machines, each naming the run it is about."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_run: ContextVar[str] = ContextVar("run", default="")


@contextmanager
def run_in_log(run_id: uuid.UUID) -> Iterator[None]:
    """Every line logged inside names this run."""
    token = _run.set(str(run_id))
    try:
        yield
    finally:
        _run.reset(token)


class RunFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.run = _run.get()
        record.about = f" [run {_run.get()}]" if _run.get() else ""
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and where there are any, run and error."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if run := getattr(record, "run", ""):
            line["run"] = run
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line)


def logging_config(form: str) -> dict[str, Any]:
    """Django's LOGGING; `form` is 'line' or 'json'."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"run": {"()": "studio.config.logging.RunFilter"}},
        "formatters": {
            "line": {"format": "{asctime} {levelname} {name}{about}: {message}", "style": "{"},
            "json": {"()": "studio.config.logging.JsonFormatter"},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": form, "filters": ["run"]}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {"httpx": {"level": "WARNING"}, "celery": {"level": "WARNING"}, "RapidOCR": {"level": "WARNING"}},
    }
