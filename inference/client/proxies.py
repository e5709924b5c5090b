"""The proxy of the environment, and httpx's transport that uses it."""

from __future__ import annotations

import urllib.request
from urllib.parse import urlsplit

import httpx

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def find_proxy(url: str) -> str | None:
    """Return the proxy for an address by HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY.

    None: connect directly, as to this machine.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    proxies = urllib.request.getproxies_environment()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or host in LOOPBACK or urllib.request.proxy_bypass_environment(host, proxies):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def make_transport(url: str) -> httpx.HTTPTransport:
    """Return httpx's transport with the environment's proxy and authorities (SSL_CERT_FILE)."""
    return httpx.HTTPTransport(verify=httpx.create_ssl_context(), proxy=find_proxy(url))
