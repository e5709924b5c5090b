"""A client of the REST API."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import httpx

from studio.cli.errors import RemoteError

PATIENCE = 60.0  # seconds without data from a stream, or without a studio, before giving up
PAUSE = 1.0  # seconds before reconnecting
OVER = ("finished", "failed", "cancelled")


class Studio:
    """A remote studio. Every call raises RemoteError with the studio's or the network's message."""

    def __init__(self, server: str, token: str) -> None:
        self._http = httpx.Client(
            base_url=f"{server.rstrip('/')}/api/v1/",
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(30.0, read=PATIENCE),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._http.close()

    def upload(self, path: Path) -> str:
        """Upload a mockup and return its id."""
        try:
            content = path.read_bytes()
        except OSError as error:
            raise RemoteError(f"{path} cannot be read: {error.strerror}.") from None
        return str(self._ask("POST", "uploads", files={"file": (path.name, content)}).json()["id"])

    def start(self, **wishes: Any) -> dict[str, Any]:
        """Start a run and return it; `wishes` are the fields of the API's RunIn."""
        return self._json("POST", "runs", json=wishes)

    def follow_up(self, run: str, number: int, prompt: str) -> dict[str, Any]:
        return self._json(
            "POST", f"runs/{run}/versions/{number}/follow-up", json={"prompt": prompt}
        )

    def run(self, run: str) -> dict[str, Any]:
        return self._json("GET", f"runs/{run}")

    def versions(self, run: str) -> list[dict[str, Any]]:
        versions: list[dict[str, Any]] = self._ask("GET", f"runs/{run}/versions").json()
        return versions

    def archive(self, run: str, number: int) -> bytes:
        """Return a version's zip."""
        return self._ask("GET", f"runs/{run}/versions/{number}/zip").content

    def events(self, run: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield (kind, data) until the run is over; resume after a lost connection."""
        last = ""
        received_at = time.monotonic()
        while True:
            try:
                headers = {"Last-Event-ID": last} if last else {}
                with self._http.stream("GET", f"runs/{run}/events", headers=headers) as answer:
                    if not answer.is_success:
                        answer.read()
                        _raise_for_error(answer)
                    for name, kind, data in _parse_events(answer.iter_lines()):
                        last = name or last
                        received_at = time.monotonic()
                        if kind == "refused":
                            raise RemoteError(
                                str(data.get("detail", "The studio ended the stream."))
                            )
                        yield kind, data
                        if kind == "over":
                            return
            except httpx.TransportError as error:
                if time.monotonic() - received_at > PATIENCE:
                    raise RemoteError(
                        f"The connection to {self._http.base_url.host} was lost ({error})."
                    ) from None
            time.sleep(PAUSE)

    def _json(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        content: dict[str, Any] = self._ask(method, path, **options).json()
        return content

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, path, **options)
        except httpx.TransportError as error:
            raise RemoteError(
                f"No studio answers at {self._http.base_url} ({error}); set --server."
            ) from None
        if not answer.is_success:
            _raise_for_error(answer)
        return answer


def _raise_for_error(answer: httpx.Response) -> None:
    try:
        words = answer.json()["detail"]
    except (ValueError, KeyError, TypeError):
        words = f"{answer.url} answered {answer.status_code}; check that it is a studio."
    raise RemoteError(str(words))


def _parse_events(lines: Iterator[str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (id, event, data) of each server-sent event."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "event" in fields:
            yield fields.get("id", ""), fields["event"], json.loads(fields.get("data", "{}"))
            fields = {}
