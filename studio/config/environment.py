"""The one place that reads the environment: every setting with its name, default, meaning and
allowed values.

Knows nothing of Django: `settings` and `topology` turn these values into what Django wants.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
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
    model_address,
    names,
    number,
    one_of,
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
OWNER_ONLY = 0o700  # mode of the data folder: it holds keys, sessions and pictures


@dataclass(frozen=True, slots=True)
class Environ(EdgeLimits, OutgoingLimits):
    database_url: str = setting(
        "DATABASE_URL",
        "",
        url("postgres", "postgresql", "sqlite"),
        "postgres://… or sqlite:///path",
        "Where runs and attempts are kept; empty: SQLite in the data folder",
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
        "The queue's name, where studios share a broker",
    )
    storage_url: str = setting(
        "STORAGE_URL",
        "",
        url("s3", "file"),
        "s3://bucket/prefix?endpoint_url=…&region_name=… or file:///folder",
        "Where pictures and code are kept; empty: the data folder",
    )
    model_url: str = setting(
        "MODEL_URL",
        SHIPPED_MODEL,
        model_address,
        "http(s)://…/v1, local:folder or none",
        "The model: `local:likeness-mini` labels what a mockup shows, others write code; none: the draft alone",
    )
    model_name: str = setting(
        "MODEL_NAME",
        "",
        str,
        "a name the server lists",
        "Which of the server's models; empty: its first",
    )
    model_api_key: str = setting(
        "MODEL_API_KEY", "", str, "the server's key", "Sent to the model's server as a bearer token"
    )
    data_dir: Path = setting(  # noqa: RUF009
        "DATA_DIR",
        "data",
        folder,
        "a folder that can be written to",
        "Everything this studio keeps",
    )
    secret_key: str = setting(
        "SECRET_KEY",
        "",
        secret(SECRET_LENGTH),
        "50 or more random characters",
        "Signs sessions; empty: made once and kept in the data folder",
    )
    vault_keys: tuple[str, ...] = setting(
        "VAULT_KEYS",
        "",
        secrets_of(VAULT_LENGTH),
        "random texts of 32 or more characters with commas between them",
        "Encrypt stored tokens and keys, the first one what is new; empty: made once and kept in the data folder",
    )
    export_files: bool = setting(
        "EXPORT_FILES",
        "False",
        boolean,
        "'True' or 'False'",
        "Let exports go to file:// repositories, which is any folder that the studio may write to",
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
        "Who may make an account: anybody, whoever has an invitation, or only `manage.py signin`",
    )
    connection_hosts: tuple[str, ...] = setting(
        "CONNECTION_HOSTS",
        "*",
        names,
        "host names with commas between them; * stands for any part",
        "The model servers that team owners may connect; private addresses as `OUTGOING_PRIVATE` says",
    )
    email_url: str = setting(
        "EMAIL_URL",
        "",
        url("smtp", "smtps"),
        "smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465",
        "The server that sends e-mail; empty: mails are printed in the log",
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
        "host names with commas between them; * stands for any part",
        "Where teams' webhooks may be sent; private addresses as `OUTGOING_PRIVATE` says",
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
        "host names with commas between them",
        "The names under which the studio may be visited",
    )
    public_url: str = setting(
        "PUBLIC_URL",
        "",
        site,
        "https://name or https://name:port",
        "The address under which people visit; links in mails, invitations and exports begin with it",
    )
    https: bool = setting(
        "HTTPS",
        "False",
        boolean,
        "'True' or 'False'",
        "The studio is visited over https, through a proxy that says so in X-Forwarded-Proto: cookies go no other way",
    )
    debug: bool = setting(
        "DEBUG",
        "False",
        boolean,
        "'True' or 'False'",
        "Show errors in the browser; never where others can visit",
    )
    workers: int = setting(
        "WORKERS",
        "1",
        whole(1, 64),
        count(1, 64),
        "Runs that one `serve` works on at the same time",
    )
    browser: str = setting(
        "LIKENESS_BROWSER",
        "",
        str,
        "the path of a Chromium or Chrome",
        "The browser that renders; empty: looked for on this machine",
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
        "1500",
        whole(600, 100_000),
        count(600, 100_000),
        "Memory that reading one mockup may take; a run that needs more fails and says so",
    )
    perception_seconds: int = setting(
        "PERCEPTION_SECONDS",
        "300",
        whole(10, 86_400),
        count(10, 86_400),
        "CPU seconds that reading one mockup may take; a run that needs more fails and says so",
    )
    worker_megabytes: int = setting(
        "WORKER_MEGABYTES",
        "1200",
        whole(300, 1_000_000),
        count(300, 1_000_000),
        "A worker process that took more memory than this in a run is replaced after it",
    )
    browser_user: str = setting(
        "BROWSER_USER",
        "nobody",
        str,
        "the name of a user of this machine",
        "Whose rights the renderer's browser has where the studio runs as root",
    )
    team_runs: int = setting(
        "TEAM_RUNS",
        "4",
        whole(1, 1000),
        count(1, 1000),
        "Runs of one team under way at once; further ones wait",
    )
    most_teams: int = setting(
        "MOST_TEAMS", "50", whole(1, 10_000), count(1, 10_000), "Teams that one person may make"
    )
    team_megabytes: int = setting(
        "TEAM_MEGABYTES",
        "20000",
        whole(1, 100_000_000),
        count(1, 100_000_000),
        "Files that one team may keep (mockups, versions, exports), in megabytes",
    )
    api_requests: int = setting(
        "API_REQUESTS",
        "600",
        whole(1, 1_000_000),
        count(1, 1_000_000),
        "API requests a minute of one person; further ones are answered 429 with Retry-After",
    )
    team_api_requests: int = setting(
        "TEAM_API_REQUESTS",
        "3000",
        whole(1, 1_000_000),
        count(1, 1_000_000),
        "API requests a minute of all tokens of one team",
    )
    search_seconds: float = setting(
        "SEARCH_SECONDS",
        "5",
        number(0.1, 60),
        "seconds from 0.1 to 60",
        "Time a search of the library may take",
    )
    run_rounds: int = setting(
        "RUN_ROUNDS", "3", whole(0, 20), count(0, 20), "Attempts the model may make in a run"
    )
    run_sections: int = setting(
        "RUN_SECTIONS",
        "16",
        whole(0, 300),
        count(0, 300),
        "Sections of a tall mockup that the model writes at once; 0: every page in one go",
    )
    run_seconds: float = setting(
        "RUN_SECONDS", "300", number(1, 86_400), "seconds from 1 to 86400", "Time a run may take"
    )
    run_tokens: int = setting(
        "RUN_TOKENS",
        "100000",
        whole(1_000, 10_000_000),
        count(1_000, 10_000_000),
        "Tokens a run may spend, read and written",
    )
    run_target: float = setting(
        "RUN_TARGET",
        "0.98",
        number(0, 1),
        "a number from 0 to 1",
        "The likeness that is good enough to stop, where the code is too",
    )
    log_format: str = setting(
        "LOG_FORMAT", "line", one_of("line", "json"), "'line' or 'json'", "How log lines look"
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
        "How this studio is registered there",
    )
    oidc_name: str = setting(
        "OIDC_NAME", "single sign-on", str, "a name", "What the button on the sign-in page says"
    )
    metrics_token: str = setting(
        "METRICS_TOKEN",
        "",
        str,
        "a token of your choice",
        "Lets `/metrics` be read as a bearer token; empty: from this machine only",
    )


def list_settings(environ: type[Environ] = Environ) -> tuple[Setting, ...]:
    """Every setting, in the order of docs/configuration.md."""
    groups = (EdgeLimits, OutgoingLimits)
    inherited = {f.name for group in groups for f in fields(group)}
    own = [f for f in fields(environ) if f.name not in inherited]
    shared = [f for group in groups for f in fields(group)]
    return tuple(_make_setting(f) for f in (*own, *shared))


def read_environ(environment: Mapping[str, str]) -> Environ:
    """The settings in force; raises SettingError for the first value that cannot be used."""
    return Environ(**{f.name: _make_setting(f).value(environment) for f in fields(Environ)})


def get_secret_key(environ: Environ) -> str:
    """The given key, or the one this data folder made for itself (readable by its owner only)."""
    if environ.secret_key:
        return environ.secret_key
    path = get_data_folder(environ) / "secret-key"
    if not path.exists():
        make_secret(path, secrets.token_urlsafe(50))
    return path.read_text()


def get_data_folder(environ: Environ) -> Path:
    """The data folder, made if need be; raises SettingError where it cannot be."""
    try:
        environ.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        close_to_others(environ.data_dir)
    except OSError as error:
        reason = error.strerror or error
        raise SettingError(
            f"Cannot make the data folder {environ.data_dir} ({reason}), set DATA_DIR to one that can be written"
        ) from None
    return environ.data_dir


def close_to_others(folder: Path) -> None:
    """Leave a folder to its owner alone, whatever its mode was; another user's folder stays as it
    is.
    """
    status = folder.stat()
    if status.st_uid == os.geteuid() and stat.S_IMODE(status.st_mode) != OWNER_ONLY:
        folder.chmod(OWNER_ONLY)


def make_secret(path: Path, text: str) -> None:
    """Written aside (mode 0600) and linked into place: of two that start together both read the
    first.
    """
    handle, aside = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    with contextlib.suppress(FileExistsError):
        os.link(aside, path)
    os.unlink(aside)


def _make_setting(of: Field[Any]) -> Setting:
    return cast(Setting, of.metadata["setting"])
