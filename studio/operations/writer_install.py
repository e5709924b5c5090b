"""Installing the small writer from the operator's page: what `manage.py writer` does, as a job.

Redis keeps how far it is; the key expires when the worker that does it dies. The weights go to the data
folder of that worker's machine.
"""

from __future__ import annotations

import contextlib
import json
import logging
import threading
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import Literal

import redis
from django.conf import settings
from django.utils.translation import gettext_noop

from studio.config.celery import app
from studio.processes.writer_weights import WriterBusy, WriterError, fetch_weights
from studio.runs import events

TASK = "studio.operations.install_writer"
KEY = "writer:install"
WAITS = 900  # seconds that a job may wait for a worker
BEAT, LASTS = 5.0, 30  # seconds between two signs of life, and until one is missed
KEPT = 86_400  # seconds that the outcome is shown

AWAY = gettext_noop("Redis or the queue is away, so no worker can be asked; try again in a moment.")
FORBIDDEN = gettext_noop(
    "Downloads are switched off here (WRITER_DOWNLOAD): run make writer on the server."
)
WAITING = gettext_noop("Waiting for a worker.")
INSTALLED = gettext_noop("The writer is installed; serve loads it within a minute.")
NO_SERVER = gettext_noop(
    "The weights are here; run make writer on the server for llama.cpp's package, and restart serve."
)
BROKEN = gettext_noop("An internal error stopped the installation; see the studio's log.")

logger = logging.getLogger(__name__)
State = Literal["waiting", "running", "finished", "failed"]


@dataclass(frozen=True, slots=True)
class Installation:
    """How far the job is; `step` is one English sentence."""

    state: State
    step: str

    @property
    def is_open(self) -> bool:
        return self.state in ("waiting", "running")


def read_installation() -> Installation | None:
    """Return the job that waits, runs or ended lately; None where there is none or Redis is away."""
    try:
        stored = events.get_connection().get(KEY)
    except redis.RedisError:
        return None
    return Installation(**json.loads(stored)) if stored else None


def start_installation() -> str:
    """Ask a worker to install the writer; return why not, "" if one was asked or is at it already."""
    if not settings.WRITER_DOWNLOAD:
        return FORBIDDEN
    current = read_installation()
    if current is not None and current.is_open:
        return ""
    try:
        _write(Installation("waiting", WAITING), WAITS)
        app.send_task(TASK)
    except Exception as error:
        logger.warning("the writer is not installed: %s", type(error).__name__)
        with contextlib.suppress(redis.RedisError):
            events.get_connection().delete(KEY)
        return AWAY
    return ""


def install_writer() -> None:
    """Fetch the weights in this process and tell how it goes."""
    if not settings.WRITER_DOWNLOAD:
        return
    progress = _Progress()
    try:
        fetch_weights(settings.DATA_DIR, progress.tell)
    except WriterBusy:  # the queue sent the job twice; the worker that has it tells how it goes
        progress.stop()
    except WriterError as error:
        progress.end("failed", str(error))
    except Exception as error:
        logger.exception("installing the writer failed")
        reason = error.strerror if isinstance(error, OSError) else None
        progress.end("failed", f"{reason}." if reason else BROKEN)
    else:
        progress.end("finished", INSTALLED if find_spec("xllamacpp") else NO_SERVER)


class _Progress:
    """Tells the current step again and again, so that a worker that died is noticed."""

    def __init__(self) -> None:
        self._step = WAITING
        self._done = threading.Event()
        self._heart = threading.Thread(target=self._beat, daemon=True)
        self._heart.start()

    def tell(self, step: str) -> None:
        self._step = step
        _write_safely(Installation("running", step), LASTS)

    def end(self, state: State, step: str) -> None:
        self.stop()
        _write_safely(Installation(state, step), KEPT)

    def stop(self) -> None:
        """Tell nothing more."""
        self._done.set()
        self._heart.join()

    def _beat(self) -> None:
        while not self._done.wait(BEAT):
            _write_safely(Installation("running", self._step), LASTS)


def _write(installation: Installation, seconds: int) -> None:
    events.get_connection().set(KEY, json.dumps(asdict(installation)), ex=seconds)


def _write_safely(installation: Installation, seconds: int) -> None:
    with contextlib.suppress(redis.RedisError):  # the next sign of life may succeed
        _write(installation, seconds)
