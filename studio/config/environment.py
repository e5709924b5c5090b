"""The environment variables: every setting with name, default, allowed values and meaning.

Only this module reads the environment. No Django: `settings` and `topology` convert these values
for it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import Field, dataclass, fields
from pathlib import Path
from typing import Any, cast

from studio.config.setting_fields import (
    ROOT,
    SECRET_LENGTH,
    VAULT_LENGTH,
    Setting,
    SettingError,
    boolean,
    count,
    folder,
    lower_names,
    model_address,
    names,
    number,
    one_of,
    path_prefix,
    secret,
    secrets_of,
    setting,
    site,
    slug,
    url,
    whole,
)
from studio.edge.limits import EdgeLimits
from studio.outgoing.limits import OutgoingLimits

__all__ = ["ROOT", "Environ", "Setting", "SettingError", "list_settings", "read_environ"]
SHIPPED_MODEL = "local:likeness-mini"
SECRET_KEY_FILE = "secret-key"  # noqa: S105
OWNER_ONLY = 0o700  # mode of the data folder, which contains keys, sessions and pictures


@dataclass(frozen=True, slots=True)
class Environ(EdgeLimits, OutgoingLimits):
    database_url: str = setting(
        "DATABASE_URL",
        "",
        url("postgres", "postgresql", "sqlite"),
        "postgres://… or sqlite:///path",
        "The database of runs and attempts; empty: SQLite in the data folder",
    )
    redis_url: str = setting(
        "REDIS_URL",
        "",
        url("redis", "rediss", "unix"),
        "redis://…, rediss://… or unix:///socket",
        "Live events, and the queue unless `BROKER_URL` is set; empty: `serve` starts its own Valkey",
    )
    broker_url: str = setting(
        "BROKER_URL",
        "",
        url("amqp", "amqps", "redis", "rediss", "redis+socket"),
        "amqp://…, redis://… or rediss://…",
        "The queue of runs; empty: the Redis of `REDIS_URL`",
    )
    queue: str = setting(
        "QUEUE",
        "likeness",
        slug,
        "letters, digits, - and _",
        "The queue's name, for studios that share a broker",
    )
    storage_url: str = setting(
        "STORAGE_URL",
        "",
        url("s3", "file"),
        "s3://bucket/prefix?endpoint_url=…&region_name=… or file:///folder",
        "The storage of pictures and code; empty: the data folder",
    )
    model_url: str = setting(
        "MODEL_URL",
        SHIPPED_MODEL,
        model_address,
        "http(s)://…/v1, local:folder or none",
        "The model: `local:likeness-mini` labels what a mockup shows, others write code; none: only the layout draft",
    )
    model_name: str = setting(
        "MODEL_NAME",
        "",
        str,
        "a name from the server's list",
        "The model to use; empty: the server's first",
    )
    model_api_key: str = setting(
        "MODEL_API_KEY", "", str, "the server's key", "Sent to the model's server as a bearer token"
    )
    data_dir: Path = setting(  # noqa: RUF009
        "DATA_DIR",
        "data",
        folder,
        "a folder that can be written to",
        "The folder of everything this studio stores",
    )
    secret_key: str = setting(
        "SECRET_KEY",
        "",
        secret(SECRET_LENGTH),
        "50 or more random characters",
        "Signs sessions; empty: generated once and stored in the data folder",
    )
    vault_keys: tuple[str, ...] = setting(
        "VAULT_KEYS",
        "",
        secrets_of(VAULT_LENGTH),
        "random texts of 32 or more characters, separated by commas",
        "Encrypt stored tokens and keys; the first one encrypts new ones; "
        "empty: generated once and stored in the data folder",
    )
    export_files: bool = setting(
        "EXPORT_FILES",
        "False",
        boolean,
        "'True' or 'False'",
        "Allow exports to file:// repositories, which are any folders that the studio may write to",
    )
    export_megabytes: int = setting(
        "EXPORT_MEGABYTES",
        "200",
        whole(1, 10_000),
        count(1, 10_000),
        "The largest repository (its branch and last 50 commits) that an export reads; it is held in memory",
    )
    sign_up: str = setting(
        "SIGN_UP",
        "invite",
        one_of("open", "invite", "off"),
        "'open', 'invite' or 'off'",
        "Who may create an account: anybody, people with an invitation, or only `manage.py signin`",
    )
    operators: tuple[str, ...] = setting(
        "OPERATORS",
        "",
        lower_names,
        "e-mail addresses separated by commas",
        "The accounts that see the operator's page; empty: the studio's first account",
    )
    writer_download: bool = setting(
        "WRITER_DOWNLOAD",
        "True",
        boolean,
        "'True' or 'False'",
        "Allow the button on the operator's page that fetches the small writer (1.1 GB) from its publisher",
    )
    connection_hosts: tuple[str, ...] = setting(
        "CONNECTION_HOSTS",
        "*",
        names,
        "host names separated by commas; * matches any part",
        "The model servers that team owners may connect; private addresses depend on `OUTGOING_PRIVATE`",
    )
    email_url: str = setting(
        "EMAIL_URL",
        "",
        url("smtp", "smtps"),
        "smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465",
        "The server that sends e-mail; empty: mails are printed to the log",
    )
    email_from: str = setting(
        "EMAIL_FROM",
        "likeness@localhost",
        str,
        "an e-mail address",
        "The sender of the studio's e-mails",
    )
    webhook_hosts: tuple[str, ...] = setting(
        "WEBHOOK_HOSTS",
        "*",
        names,
        "host names separated by commas; * matches any part",
        "The hosts of teams' webhooks; private addresses depend on `OUTGOING_PRIVATE`",
    )
    host: str = setting(
        "HOST", "127.0.0.1", str, "an address of this machine", "The address `serve` listens on"
    )
    port: int = setting(
        "PORT",
        "8000",
        whole(0, 65535),
        count(0, 65535),
        "The port `serve` listens on; 0: any free one",
    )
    allowed_hosts: tuple[str, ...] = setting(
        "ALLOWED_HOSTS",
        "127.0.0.1,localhost,[::1]",
        names,
        "host names separated by commas",
        "The names under which the studio may be visited",
    )
    public_url: str = setting(
        "PUBLIC_URL",
        "",
        site,
        "https://name or https://name:port; a path goes into BASE_PATH",
        "The studio's public address, without a path; links in mails, invitations and exports start "
        "with it",
    )
    base_path: str = setting(
        "BASE_PATH",
        "",
        path_prefix,
        "/path/ of letters, digits, - _ . ~",
        "The path that all addresses of the studio start with, where a proxy serves it beside other "
        "applications; empty: it has the name for itself",
    )
    https: bool = setting(
        "HTTPS",
        "False",
        boolean,
        "'True' or 'False'",
        "The studio is visited over https, through a proxy that sets X-Forwarded-Proto; "
        "cookies are sent only over https",
    )
    debug: bool = setting(
        "DEBUG",
        "False",
        boolean,
        "'True' or 'False'",
        "Show errors in the browser; never on a public studio",
    )
    workers: int = setting(
        "WORKERS",
        "1",
        whole(1, 64),
        count(1, 64),
        "Runs that one `serve` processes in parallel",
    )
    browser: str = setting(
        "LIKENESS_BROWSER",
        "",
        str,
        "the path of a Chromium or Chrome",
        "The browser for rendering; empty: searched for on this machine",
    )
    upload_megabytes: int = setting(
        "UPLOAD_MEGABYTES", "20", whole(1, 200), count(1, 200), "The largest mockup file accepted"
    )
    upload_megapixels: int = setting(
        "UPLOAD_MEGAPIXELS",
        "40",
        whole(1, 200),
        count(1, 200),
        "The largest mockup picture accepted",
    )
    perception_megabytes: int = setting(
        "PERCEPTION_MEGABYTES",
        "900",
        whole(600, 100_000),
        count(600, 100_000),
        "Memory for perceiving one mockup; a run that needs more fails with a message",
    )
    perception_seconds: int = setting(
        "PERCEPTION_SECONDS",
        "300",
        whole(10, 86_400),
        count(10, 86_400),
        "CPU seconds for perceiving one mockup; a run that needs more fails with a message",
    )
    worker_megabytes: int = setting(
        "WORKER_MEGABYTES",
        "1200",
        whole(300, 1_000_000),
        count(300, 1_000_000),
        "A worker process that used more memory than this is replaced after the run",
    )
    browser_user: str = setting(
        "BROWSER_USER",
        "nobody",
        str,
        "the name of a user of this machine",
        "The user of the renderer's browser if the studio runs as root",
    )
    team_runs: int = setting(
        "TEAM_RUNS",
        "4",
        whole(1, 1000),
        count(1, 1000),
        "Runs of one team in parallel; further ones wait",
    )
    most_teams: int = setting(
        "MOST_TEAMS", "50", whole(1, 10_000), count(1, 10_000), "Teams that one person may create"
    )
    team_megabytes: int = setting(
        "TEAM_MEGABYTES",
        "20000",
        whole(1, 100_000_000),
        count(1, 100_000_000),
        "Storage of one team (mockups, versions, exports), in megabytes",
    )
    api_requests: int = setting(
        "API_REQUESTS",
        "600",
        whole(1, 1_000_000),
        count(1, 1_000_000),
        "API requests per minute of one person; further ones get 429 with Retry-After",
    )
    team_api_requests: int = setting(
        "TEAM_API_REQUESTS",
        "3000",
        whole(1, 1_000_000),
        count(1, 1_000_000),
        "API requests per minute of all tokens of one team",
    )
    search_seconds: float = setting(
        "SEARCH_SECONDS",
        "5",
        number(0.1, 60),
        "seconds from 0.1 to 60",
        "Time limit of a search in the library",
    )
    audit_days: int = setting(
        "AUDIT_DAYS",
        "365",
        whole(0, 36_500),
        count(0, 36_500),
        "Days for which the lines of the activity log are kept; 0: for ever",
    )
    run_rounds: int = setting(
        "RUN_ROUNDS", "3", whole(0, 20), count(0, 20), "Maximum rounds of the model in a run"
    )
    run_sections: int = setting(
        "RUN_SECTIONS",
        "16",
        whole(0, 300),
        count(0, 300),
        "Sections of a tall mockup that the model writes in parallel; 0: each page in one request",
    )
    run_tools: bool = setting(
        "RUN_TOOLS",
        "True",
        boolean,
        "'True' or 'False'",
        "A model that calls tools works on the page with them; False: every model answers in rounds",
    )
    run_seconds: float = setting(
        "RUN_SECONDS", "300", number(1, 86_400), "seconds from 1 to 86400", "Time limit of a run"
    )
    run_tokens: int = setting(
        "RUN_TOKENS",
        "100000",
        whole(1_000, 10_000_000),
        count(1_000, 10_000_000),
        "Token limit of a run, input and output",
    )
    run_target: float = setting(
        "RUN_TARGET",
        "0.98",
        number(0, 1),
        "a number from 0 to 1",
        "The likeness at which a run stops, if the code quality is good enough",
    )
    log_format: str = setting(
        "LOG_FORMAT", "line", one_of("line", "json"), "'line' or 'json'", "The format of log lines"
    )
    oidc_url: str = setting(
        "OIDC_URL",
        "",
        url("https", "http"),
        "https://… of the issuer",
        "The OpenID Connect provider that people can sign in with; empty: none",
    )
    oidc_client: str = setting(
        "OIDC_CLIENT",
        "",
        str,
        "the client's id and secret, id:secret",
        "The studio's registration at the provider",
    )
    oidc_name: str = setting(
        "OIDC_NAME", "single sign-on", str, "a name", "The name on the button of the sign-in page"
    )
    metrics_token: str = setting(
        "METRICS_TOKEN",
        "",
        str,
        "a token of your choice",
        "The bearer token for `/metrics`; empty: only from this machine",
    )
    traces_url: str = setting(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "",
        url("http", "https"),
        "http(s)://… of an OpenTelemetry collector",
        "Where traces of runs are sent (OTLP over HTTP); empty: nowhere",
    )
    sentry_dsn: str = setting(
        "SENTRY_DSN",
        "",
        url("http", "https"),
        "https://key@host/project",
        "The Sentry project that errors are reported to, without contents; empty: none",
    )


def list_settings(environ: type[Environ] = Environ) -> tuple[Setting, ...]:
    """List all settings in the order of docs/configuration.md."""
    inherited = (*fields(EdgeLimits), *fields(OutgoingLimits))
    names_of_inherited = {field.name for field in inherited}
    own = [field for field in fields(environ) if field.name not in names_of_inherited]
    return tuple(_make_setting(field) for field in (*own, *inherited))


def read_environ(environment: Mapping[str, str]) -> Environ:
    """Read the settings; raises SettingError for the first invalid value."""
    return Environ(**{f.name: _make_setting(f).value(environment) for f in fields(Environ)})


def get_secret_key(environ: Environ) -> str:
    """Return the secret key; without SECRET_KEY, the data folder's, created if needed."""
    if environ.secret_key:
        return environ.secret_key
    path = get_data_folder(environ) / SECRET_KEY_FILE
    if not path.exists():
        make_secret(path, secrets.token_urlsafe(50))
    return path.read_text()


def get_data_folder(environ: Environ) -> Path:
    """Return the data folder, created if needed; raises SettingError on failure."""
    try:
        environ.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        close_to_others(environ.data_dir)
    except OSError as error:
        reason = error.strerror or error
        raise SettingError(
            f"Cannot create the data folder {environ.data_dir} ({reason}), set DATA_DIR to a writable folder"
        ) from None
    return environ.data_dir


def close_to_others(folder: Path) -> None:
    """Restrict our own folder to its owner; another user's folder stays unchanged.

    Windows has no such modes: a folder inherits the rights of the one that it is in.
    """
    if sys.platform == "win32":
        return
    status = folder.stat()
    if status.st_uid == os.geteuid() and stat.S_IMODE(status.st_mode) != OWNER_ONLY:
        folder.chmod(OWNER_ONLY)


def make_secret(path: Path, text: str) -> None:
    """Write a secret file (mode 0600) atomically; of two concurrent starts, both use the first one."""
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    with contextlib.suppress(FileExistsError):
        os.link(temporary, path)
    os.unlink(temporary)


def replace_secret(path: Path, text: str) -> None:
    """Write a secret file (mode 0600) atomically: readers see the old or the new text."""
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    os.replace(temporary, path)


def _make_setting(field: Field[Any]) -> Setting:
    return cast(Setting, field.metadata["setting"])
