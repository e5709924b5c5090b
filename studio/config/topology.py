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

# The queues. Deliveries and exports wait for other machines and must not delay runs. Workers of runs
# take jobs as well, and turns between the two: a call of a tool does not wait for a pile of runs.
RUNS = "runs"
JOBS = "jobs"
DELIVERIES = "deliveries"
EXPORTS = "exports"
KINDS = (RUNS, DELIVERIES, EXPORTS)
ROUTES = {
    "studio.webhooks.*": DELIVERIES,
    "studio.export.*": EXPORTS,
    "studio.operations.*": EXPORTS,
    "studio.jobs.*": JOBS,
}

# Seconds a writer waits for another transaction; ours take milliseconds.
SQLITE_PATIENCE = 20
# A network that loses packets gives no error: without these, a query waits for 15 minutes, or for
# ever. libpq's names; DATABASE_URL may set others (?tcp_user_timeout=…).
POSTGRESQL_OPTIONS = {
    "connect_timeout": 5,  # seconds
    "tcp_user_timeout": 15_000,  # milliseconds until what was sent must be acknowledged
    "keepalives_idle": 10,  # seconds
    "keepalives_interval": 5,
    "keepalives_count": 2,
}
# The same for S3, whose client tries three times.
S3_CONNECT_SECONDS, S3_READ_SECONDS, S3_TRIES = 5, 20, 3


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
        parsed["OPTIONS"] = {**POSTGRESQL_OPTIONS, **parsed.get("OPTIONS", {})}
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


def list_worker_queues(name: str, kind: str) -> list[str]:
    """Return the broker's names of the queues that a worker of this kind takes messages of."""
    return [queue_name(name, one) for one in ((RUNS, JOBS) if kind == RUNS else (kind,))]


def queues(name: str) -> dict[str, dict[str, Any]]:
    """Return Celery's queues by name; workers without `-Q` take messages of all."""
    return {queue: {} for kind in KINDS for queue in list_worker_queues(name, kind)}


def routes(name: str) -> dict[str, dict[str, str]]:
    """Return the queue of each task pattern; all other tasks go to the queue of runs."""
    return {tasks: {"queue": queue_name(name, kind)} for tasks, kind in ROUTES.items()}


def host_of(preview_host: str) -> list[str]:
    """Return PREVIEW_HOST without its port, as a list for ALLOWED_HOSTS."""
    return [re.sub(r":\d+$", "", preview_host)] if preview_host else []


def hide_login(url: str) -> str:
    """Return the address as people may see it: without user, password and query, where keys can be."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()


def make_storages(url: str, data_dir: Path) -> dict[str, Any]:
    is_s3 = url.startswith("s3:")
    return {
        "default": _make_s3_storage(url) if is_s3 else _make_folder_storage(url, data_dir),
        "staticfiles": {"BACKEND": "studio.config.static_files.VersionedFilesStorage"},
    }


PRINTED_MAIL = "django.core.mail.backends.console.EmailBackend"


def make_email_settings(url: str) -> dict[str, Any]:
    """Return Django's mail settings; without a server, mails are printed."""
    if not url:
        return {"EMAIL_BACKEND": PRINTED_MAIL}
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
        "client_config": _make_s3_client_config(options.pop("addressing_style", None)),
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


def _make_s3_client_config(addressing_style: str | None) -> Any:
    from botocore.config import Config

    return Config(
        connect_timeout=S3_CONNECT_SECONDS,
        read_timeout=S3_READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": S3_TRIES},
        s3={"addressing_style": addressing_style} if addressing_style else None,
    )
