"""Which errors mean that a part of the studio could not be reached, and waiting until it can be."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

import redis
from botocore.exceptions import ConnectionError as StorageConnectionError
from botocore.exceptions import HTTPClientError
from django.db import InterfaceError, OperationalError, connection

from studio.runs import part_probes

DATABASE = (OperationalError, InterfaceError)
REDIS = (redis.ConnectionError, redis.TimeoutError)
STORAGE = (StorageConnectionError, HTTPClientError)
PAUSE = 2.0  # seconds between looks
# Seconds until a worker goes on all the same; what is still away then fails the next run's start.
PATIENCE = 300.0

logger = logging.getLogger(__name__)


class CutOff(Exception):
    """Raised when a run lost its model while this machine could not reach the database either."""


def name_missing_part(error: Exception) -> str:
    """Return what could not be reached; "" for every other error."""
    names = {DATABASE: "the database", REDIS: "Redis", STORAGE: "the storage"}
    for errors, name in names.items():
        if isinstance(error, errors):
            return name
    return "the network" if isinstance(error, CutOff) else ""


def wait_for_parts(patience: float = PATIENCE) -> bool:
    """Wait until database, Redis and storage answer; return False if they do not in time."""
    deadline = time.monotonic() + patience
    parts = (part_probes.ask_database, part_probes.ask_redis, part_probes.ask_storage)
    while not all(_answers(ask) for ask in parts):
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)
    return True


def _answers(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except Exception as error:
        if not name_missing_part(error):
            return True  # it answered, and what it said is for the next run to tell
        if isinstance(error, DATABASE):
            connection.close()
        return False
    return True
