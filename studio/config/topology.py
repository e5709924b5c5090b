"""Settings become Django's databases, queue, storage and mail. Above this nothing asks where it
runs.

Reads no environment and starts nothing: `environ` has read, `serve` starts.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from studio.config.environment import SettingError
from studio.processes.valkey import get_socket_path

# The queues. What waits for other people's machines (deliveries of webhooks, exports) holds up no
# run.
RUNS, DELIVERIES, EXPORTS = "runs", "deliveries", "exports"
ROUTES = {"studio.webhooks.*": DELIVERIES, "studio.export.*": EXPORTS}

# A writer waits this long for another's transaction; ours last milliseconds.
SQLITE_PATIENCE = 20


def make_databases(url: str, data_dir: Path) -> dict[str, Any]:
    """Django's DATABASES. SQLite writes ahead (readers never wait) and locks at BEGIN (no upgrade,
    so no deadlock).
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
    """The Redis in force: the one given, or the Valkey that `serve` keeps in the data folder."""
    return url or f"unix://{get_socket_path(data_dir)}"


def choose_broker_url(url: str, redis: str) -> str:
    """The queue: its own broker, or the Redis in force spelled as kombu spells a socket (database 1
    there).
    """
    if url:
        return url
    if redis.startswith("unix://"):
        return f"redis+socket://{urlsplit(redis).path}?virtual_host=1"
    return redis


def queue_name(name: str, kind: str) -> str:
    """Return the broker's name of a queue; `name`: the setting QUEUE. Runs keep the plain name."""
    return name if kind == RUNS else f"{name}-{kind}"


def queues(name: str) -> dict[str, dict[str, Any]]:
    """Celery's queues, by name; a worker without `-Q` takes messages of all of them."""
    return {queue_name(name, kind): {} for kind in (RUNS, DELIVERIES, EXPORTS)}


def routes(name: str) -> dict[str, dict[str, str]]:
    """Which tasks go to which queue; all others go to the one of runs."""
    return {tasks: {"queue": queue_name(name, kind)} for tasks, kind in ROUTES.items()}


def host_of(preview_host: str) -> list[str]:
    """The host name in `PREVIEW_HOST`, without its port, for ALLOWED_HOSTS; none where it is not
    set.
    """
    return [re.sub(r":\d+$", "", preview_host)] if preview_host else []


def make_storages(url: str, data_dir: Path) -> dict[str, Any]:
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    return {
        "default": _make_s3_storage(url)
        if url.startswith("s3:")
        else _make_folder_storage(url, data_dir),
        "staticfiles": static,
    }


def make_email_settings(url: str) -> dict[str, Any]:
    """Django's settings for sending mail: printed where no server is named."""
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
        # A server on this machine (a relay, a test's) has no certificate to show.
        "EMAIL_USE_TLS": not direct and parts.hostname not in ("127.0.0.1", "localhost", "::1"),
        "EMAIL_TIMEOUT": 10,
    }


def make_oidc_app(url: str, client: str, name: str) -> dict[str, Any]:
    """allauth's app; `studio` is in the redirect address that the provider knows."""
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
    """`s3://[key:secret@]bucket[/prefix][?endpoint_url=…&region_name=…]`; without a key, what boto3
    finds by itself.
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
