"""System checks for settings that conflict and parts that are missing. Fast, no network."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.http.request import validate_host
from django.urls import URLResolver, get_resolver

from inference.client import tracing
from studio.config import error_reports
from studio.config.environment import Environ
from studio.config.loopback import LOOPBACK, LOOPBACK_NAMES
from studio.config.settings import ENVIRON
from studio.pipeline.rendering.browser import BrowserMissing, find_browser

TAG = "studio"


def register_all() -> None:
    register(check_settings, TAG)
    register(check_pieces, TAG)
    register(check_base_path, TAG)


def check_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return list(check_setting_values(ENVIRON))


def check_setting_values(environ: Environ) -> Iterable[CheckMessage]:
    """Yield the problems of settings that are only valid alone."""
    yield from _check_hosts(environ)
    yield from _check_storage(environ)
    yield from _check_accounts(environ)
    yield from _check_limits(environ)
    yield from _check_reporting(environ)


def _check_hosts(environ: Environ) -> Iterable[CheckMessage]:
    open_to_others = environ.host not in LOOPBACK
    if open_to_others and environ.debug:
        hint = "Unset DEBUG, or set HOST=127.0.0.1."
        yield Error(
            "DEBUG reveals internal data to everyone who can reach HOST.",
            hint,
            id="studio.E001",
        )
    if open_to_others and environ.allowed_hosts == LOOPBACK_NAMES:
        hint = "Add the name under which people visit the studio to ALLOWED_HOSTS."
        yield Warning(
            "HOST lets others reach the studio, but ALLOWED_HOSTS refuses them.",
            hint,
            id="studio.W001",
        )
    if "*" in environ.allowed_hosts:
        hint = "Set ALLOWED_HOSTS to the names under which the studio is visited."
        yield Warning(
            "ALLOWED_HOSTS=* lets other sites point their names here.", hint, id="studio.W002"
        )
    if list_public_names(environ) and not environ.https:
        hint = "Put a proxy that speaks https in front and set HTTPS=True (docs/deployment.md)."
        yield Warning(
            "People visit the studio without https: passwords and cookies can be read on the way.",
            hint,
            id="studio.W013",
        )
    if environ.https and not environ.preview_host:
        hint = "Set PREVIEW_HOST to a name under another domain (docs/deployment.md)."
        yield Warning(
            "Generated pages are shown under the studio's own name: in some browsers one that "
            "never ends can freeze the studio's page.",
            hint,
            id="studio.W014",
        )
    own = (*environ.allowed_hosts, f"{environ.host}:{environ.port}")
    if environ.preview_host and environ.preview_host in own:
        hint = "Set PREVIEW_HOST to another name, under another domain, or leave it empty."
        yield Error(
            "PREVIEW_HOST is the studio's own name, which would then serve only previews.",
            hint,
            id="studio.E004",
        )


def list_public_names(environ: Environ) -> set[str]:
    """List the names of ALLOWED_HOSTS that are not this machine's own."""
    return set(environ.allowed_hosts) - set(LOOPBACK_NAMES)


def check_base_path(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a BASE_PATH that begins like the studio's own addresses.

    A proxy may remove BASE_PATH, and then it cannot be told whether an address still has it.
    """
    first = ENVIRON.base_path.strip("/").partition("/")[0]
    if first not in list_first_names():
        return []
    hint = "Choose another path, such as BASE_PATH=/likeness/."
    return [Error(f"The studio has pages of its own at /{first}.", hint, id="studio.E006")]


def list_first_names() -> set[str]:
    """List the first names of the paths of all pages, of WebSockets and of MCP."""
    names = {"ws", "mcp", "oidc"}
    remaining = [("", pattern) for pattern in get_resolver().url_patterns]
    while remaining:
        start, pattern = remaining.pop()
        path = f"{start}{pattern.pattern}"
        if "/" not in path and isinstance(pattern, URLResolver):
            remaining += [(path, inner) for inner in pattern.url_patterns]
        else:
            names.add(path.partition("/")[0])
    return names - {""}


def _check_storage(environ: Environ) -> Iterable[CheckMessage]:
    if environ.database_url.startswith("postgres") and not environ.storage_url:
        hint = "Set STORAGE_URL to s3://… or to a file:///… folder shared by all machines."
        yield Warning(
            "Runs are in PostgreSQL, but their files only on this machine.", hint, id="studio.W003"
        )
    if environ.broker_url and not environ.redis_url:
        hint = "Set REDIS_URL as well: workers on other machines write their events there."
        yield Warning(
            "The queue is shared (BROKER_URL), but the live events are not.", hint, id="studio.W004"
        )
    if environ.database_url.startswith("postgres") and not environ.vault_keys:
        hint = "Set VAULT_KEYS and SECRET_KEY to the same values on each machine."
        yield Warning(
            "Other machines cannot read the keys that teams store on this one.",
            hint,
            id="studio.W008",
        )


def _check_accounts(environ: Environ) -> Iterable[CheckMessage]:
    if environ.sign_up == "open" and "*" in environ.connection_hosts:
        hint = "Set CONNECTION_HOSTS to the model servers that teams may connect."
        yield Warning(
            "Anyone who signs up can make this machine connect to any public host.",
            hint,
            id="studio.W007",
        )
    if environ.sign_up == "open" and not environ.email_url:
        hint = "Set EMAIL_URL; until then the links are written to the studio's log."
        yield Warning("Who signs up gets no mail with the link.", hint, id="studio.W012")
    if bool(environ.oidc_url) != (":" in environ.oidc_client):
        hint = "Set OIDC_URL to the issuer and OIDC_CLIENT to id:secret, or neither."
        yield Error("Single sign-on is only partly set.", hint, id="studio.E003")
    if environ.email_url and not environ.public_url and list_public_names(environ):
        hint = "Set PUBLIC_URL to the studio's address, such as https://likeness.example.org."
        yield Warning(
            "The studio cannot mail links: it does not know its own address.",
            hint,
            id="studio.W010",
        )
    host = urlsplit(environ.public_url).hostname or ""
    if host and not validate_host(f"[{host}]" if ":" in host else host, environ.allowed_hosts):
        hint = f"Add {host} to ALLOWED_HOSTS."
        yield Warning(
            "Links lead to PUBLIC_URL, whose name ALLOWED_HOSTS sends away.",
            hint,
            id="studio.W011",
        )
    if environ.preview_host and is_same_name(environ.public_url, environ.preview_host):
        hint = "Give PREVIEW_HOST a name of its own."
        yield Error(
            "PUBLIC_URL is PREVIEW_HOST, which serves generated pages only.", hint, id="studio.E005"
        )


def _check_limits(environ: Environ) -> Iterable[CheckMessage]:
    if environ.streams > environ.connections:
        hint = "Raise CONNECTIONS, or lower STREAMS."
        yield Warning("STREAMS is higher than CONNECTIONS.", hint, id="studio.W009")
    if environ.workers > environ.team_runs:
        hint = "Raise TEAM_RUNS, or lower WORKERS."
        yield Warning(
            "One team cannot use all WORKERS: TEAM_RUNS is lower.", hint, id="studio.W006"
        )


def _check_reporting(environ: Environ) -> Iterable[CheckMessage]:
    if environ.traces_url and not tracing.is_tracing_installed():
        yield Error(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but OpenTelemetry is not installed.",
            f"Run {tracing.INSTALL}, or unset it.",
            id="studio.E008",
        )
    if environ.sentry_dsn and not error_reports.is_sentry_installed():
        yield Error(
            "SENTRY_DSN is set, but sentry-sdk is not installed.",
            f"Run {error_reports.INSTALL}, or unset it.",
            id="studio.E007",
        )


def is_same_name(address: str, host: str) -> bool:
    return urlsplit(address).netloc.lower().rstrip(".") == host.lower().rstrip(".")


def check_pieces(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    try:
        find_browser(settings.BROWSER)
    except BrowserMissing as error:
        problems.append(Error(str(error), id="studio.E002"))
    if not (settings.BASE_DIR / "static" / "dist" / "app.js").exists():
        problems.append(
            Warning(
                "The front end is not built: pages have no styles.",
                "Run make setup.",
                id="studio.W005",
            )
        )
    return problems
