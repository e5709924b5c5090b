"""Probes of what the studio talks to: database, Redis, queue, storage, model server, mail, workers."""

from __future__ import annotations

import secrets
import smtplib
import time
from pathlib import Path
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import get_connection as open_mail
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from inference.types import ModelError
from studio.config.settings import ENVIRON
from studio.config.topology import KINDS, hide_login
from studio.diagnosis.findings import Probe, ProbeError, ProbeWarning
from studio.runs import events, worker_presence
from studio.runs.model_client import explain_missing_model, open_model_client
from studio.runs.part_probes import ask_database, ask_queue

EVICTING = ("allkeys-", "volatile-")  # policies of a full Redis under which writing goes on


def try_database() -> str:
    ask_database()
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    kind = connection.vendor
    if missing:
        raise ProbeWarning(
            f"{kind} answers; {len(missing)} migrations are not applied.",
            "`serve` applies them; by hand: manage.py migrate.",
        )
    return f"{kind} answers, and its tables are those of this version."


def try_redis() -> str:
    server = events.get_connection()
    if not ENVIRON.redis_url and not Path(urlsplit(settings.REDIS_URL).path).exists():
        raise ProbeWarning(
            "The embedded Valkey is not running.", "`serve` starts it; nothing to do before that."
        )
    started = time.monotonic()
    server.ping()
    milliseconds = 1000 * (time.monotonic() - started)
    policy = _get_policy(server)
    if ENVIRON.redis_url and policy.startswith(EVICTING[0]):
        raise ProbeWarning(
            f"Redis answers, but its maxmemory-policy is {policy}: it may drop queued runs.",
            "Set maxmemory-policy to volatile-ttl: live events have a time to live, the queue has not.",
        )
    return f"Redis answers in {milliseconds:.1f} ms."


def _get_policy(server: redis.Redis) -> str:
    try:
        return str(server.config_get("maxmemory-policy").get("maxmemory-policy", ""))
    except redis.RedisError:  # hosted ones forbid CONFIG
        return ""


def try_queue() -> str:
    if not (ENVIRON.broker_url or ENVIRON.redis_url):
        return "The queue is in the embedded Valkey."
    ask_queue()
    return f"The broker answers ({urlsplit(settings.CELERY_BROKER_URL).scheme})."


def try_storage() -> str:
    content = secrets.token_bytes(64)
    name = default_storage.save("doctor/probe", ContentFile(content))
    try:
        with default_storage.open(name) as stored:
            if stored.read() != content:
                raise ProbeError("The storage returns something else than was written.", STORAGE)
    finally:
        default_storage.delete(name)
    if default_storage.exists(name):
        raise ProbeWarning("The storage does not delete files.", "Allow deleting: purge needs it.")
    return "A file was written, read back and deleted."


STORAGE = "Check STORAGE_URL and its credentials."


def try_model() -> str:
    url = settings.MODEL_URL
    if url in ("", "none"):
        raise ProbeWarning(
            "There is no model: runs end with the layout draft.", "Set MODEL_URL to a model server."
        )
    if missing := explain_missing_model(url):
        raise ProbeError(missing, "Run make setup.")
    try:
        with open_model_client(url) as client:
            assert client is not None
            return f"{client.name} answers at {hide_login(url)}."
    except ModelError as error:
        raise ProbeError(str(error), "Check MODEL_URL, MODEL_NAME and MODEL_API_KEY.") from None


def try_mail() -> str:
    if not ENVIRON.email_url:
        raise ProbeWarning("Mails are printed to the log.", "Set EMAIL_URL to a mail server.")
    try:
        with open_mail():
            return f"The mail server at {settings.EMAIL_HOST} accepts the sign-in."
    except (OSError, smtplib.SMTPException) as error:
        raise ProbeError(
            f"The mail server at {settings.EMAIL_HOST} refuses ({type(error).__name__}).",
            "Check EMAIL_URL: host, port, user and password.",
        ) from None


def try_workers() -> str:
    try:
        missing = sorted(kind for kind in KINDS if not worker_presence.has_worker(kind))
    except redis.RedisError:
        raise ProbeWarning("Without Redis nobody can know.", "See Redis above.") from None
    if missing:
        raise ProbeWarning(
            f"No worker takes {', '.join(missing)}.",
            "Start `serve` here, or `serve --role worker` on another machine.",
        )
    return "Workers take runs, deliveries and exports."


SERVICES = (
    Probe("database", try_database, "Check DATABASE_URL: host, port, user, password and name."),
    Probe("redis", try_redis, "Check REDIS_URL: host, port and password."),
    Probe("queue", try_queue, "Check BROKER_URL: host, port, user and password."),
    Probe("storage", try_storage, STORAGE),
    Probe("model", try_model, "Check MODEL_URL."),
    Probe("mail", try_mail, "Check EMAIL_URL."),
    Probe("workers", try_workers, "Start `serve`."),
)
