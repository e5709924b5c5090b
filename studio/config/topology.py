"""Converts settings into Django's databases, queues, storage and mail.

No other code depends on where things run. Reads no environment and starts nothing.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from studio.config.environment import SettingError
from studio.config.loopback import LOOPBACK
from studio.processes.valkey import get_socket_path

# The queues. Deliveries and exports wait for other machines and must not delay runs.
RUNS = "runs"
DELIVERIES = "deliveries"
EXPORTS = "exports"
KINDS = (RUNS, DELIVERIES, EXPORTS)
ROUTES = {"studio.webhooks.*": DELIVERIES, "studio.export.*": EXPORTS}

# Seconds a writer waits for another transaction; ours take milliseconds.
SQLITE_PATIENCE = 20


def make_databases(url: str, data_dir: Path) -> dict[str, Any]:
    """Return Django's DATABASES.

    SQLite uses write-ahead logging (readers never wait) and locks at BEGIN (no lock upgrade, so no
    deadlock).
    """
    import dj_database_url

    parsed: dict[str, Any] = dict(
        dj_database_url.parse(url or f"sqlite:///{data_dir / 'studio.sqlite3'}")
    )
    if parsed["ENGINE"].endswith("sqlite3"):
        parsed["OPTIONS"] = {
            "timeout": SQLITE_PATIENCE,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        parsed["CONN_HEALTH_CHECKS"] = True
    return {"default": parsed}


def choose_redis_url(url: str, data_dir: Path) -> str:
    """Return the URL of the given Redis, or of the Valkey in the data folder."""
    return url or f"unix://{get_socket_path(data_dir)}"


def choose_broker_url(url: str, redis: str) -> str:
    """Return the broker's URL: the given one, or database 1 of the Redis in kombu's spelling."""
    if url:
        return url
    if redis.startswith("unix://"):
        return f"redis+socket://{urlsplit(redis).path}?virtual_host=1"
    return redis


def queue_name(name: str, kind: str) -> str:
    """Return the broker's name of a queue; `name` is the setting QUEUE, the name for runs."""
    return name if kind == RUNS else f"{name}-{kind}"


def queues(name: str) -> dict[str, dict[str, Any]]:
    """Return Celery's queues by name; workers without `-Q` take messages of all."""
    return {queue_name(name, kind): {} for kind in KINDS}


def routes(name: str) -> dict[str, dict[str, str]]:
    """Return the queue of each task pattern; all other tasks go to the queue of runs."""
    return {tasks: {"queue": queue_name(name, kind)} for tasks, kind in ROUTES.items()}


def host_of(preview_host: str) -> list[str]:
    """Return PREVIEW_HOST without its port, as a list for ALLOWED_HOSTS."""
    return [re.sub(r":\d+$", "", preview_host)] if preview_host else []


def make_storages(url: str, data_dir: Path) -> dict[str, Any]:
    is_s3 = url.startswith("s3:")
    return {
        "default": _make_s3_storage(url) if is_s3 else _make_folder_storage(url, data_dir),
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def make_email_settings(url: str) -> dict[str, Any]:
    """Return Django's mail settings; without a server, mails are printed."""
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(url)
    if not parts.hostname:
        raise SettingError(
            "Unexpected value EMAIL_URL without a host, use smtp://user:password@host:587"
        )
    direct = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if direct else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": direct,
        # a local server (relay, test) has no valid certificate
        "EMAIL_USE_TLS": not direct and parts.hostname not in LOOPBACK,
        "EMAIL_TIMEOUT": 10,
    }


def make_oidc_app(url: str, client: str, name: str) -> dict[str, Any]:
    """Return allauth's app; `studio` is part of the redirect address that the provider knows."""
    ident, _, secret = client.partition(":")
    return {
        "provider_id": "studio",
        "name": name,
        "client_id": ident,
        "secret": secret,
        "settings": {"server_url": url.rstrip("/")},
    }


def _make_folder_storage(url: str, data_dir: Path) -> dict[str, Any]:
    location = Path(unquote(urlsplit(url).path)) if url else data_dir / "files"
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(location)},
    }


def _make_s3_storage(url: str) -> dict[str, Any]:
    """Parse `s3://[key:secret@]bucket[/prefix][?endpoint_url=…&region_name=…]`.

    Without a key, boto3 looks for credentials itself.
    """
    parts = urlsplit(url)
    if not parts.hostname:
        raise SettingError(f"Unexpected value STORAGE_URL={url}, use s3://bucket/prefix")
    allowed = {"endpoint_url", "region_name", "addressing_style"}
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    if unknown := options.keys() - allowed:
        raise SettingError(
            f"Unexpected part {min(unknown)} in STORAGE_URL, use {', '.join(sorted(allowed))}"
        )
    options |= {
        "bucket_name": parts.hostname,
        "location": parts.path.strip("/"),
        "file_overwrite": True,
    }
    if parts.username:
        options |= {
            "access_key": unquote(parts.username),
            "secret_key": unquote(parts.password or ""),
        }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
