"""The proxy of the environment, and httpx's transport that uses it."""

from __future__ import annotations

import urllib.request
from urllib.parse import urlsplit

import httpx

from inference.types import ModelError

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def find_proxy(url: str) -> str | None:
    """Return the proxy for an address by HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY.

    None: connect directly, as to this machine.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    proxies = urllib.request.getproxies_environment()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    # By NO_PROXY. proxy_bypass() asks the system instead on macOS and Windows.
    is_direct = urllib.request.proxy_bypass_environment(host, proxies)  # type: ignore[attr-defined]
    if not proxy or host in LOOPBACK or is_direct:
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def make_transport(url: str) -> httpx.HTTPTransport:
    """Return httpx's transport with the environment's proxy and authorities (SSL_CERT_FILE).

    Raises ModelError for an unusable proxy or file.
    """
    try:
        return httpx.HTTPTransport(verify=httpx.create_ssl_context(), proxy=find_proxy(url))
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise describe_environment(error) from None


def describe_environment(error: Exception) -> ModelError:
    """Return the error for what httpx does not accept of the environment."""
    if isinstance(error, OSError):
        sentence = (
            "SSL_CERT_FILE or SSL_CERT_DIR names no readable certificates; "
            "use a file in PEM format, or leave them unset."
        )
        return ModelError(sentence, kind="unreachable", cause="certificate")
    sentence = "HTTPS_PROXY, HTTP_PROXY or ALL_PROXY is no usable proxy; use http://host:port."
    return ModelError(sentence, kind="unreachable", cause="proxy")
