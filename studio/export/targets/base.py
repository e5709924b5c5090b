"""The interface of targets, and a client for forges' APIs that checks every response."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol
from urllib.parse import urlsplit

from studio.export.git import GitError, Remote, mask_login
from studio.outgoing.budget import Budget
from studio.outgoing.errors import OutgoingError

SECONDS = 30.0  # for one call in all
# For all calls of one export. One export is carried out at a time, so a forge that lists its
# requests page by slow page would hold up everybody's.
ALL_SECONDS = 120.0
MOST = 20_000_000  # bytes of an answer; a page of fifty requests has about 1 MB
STEP = "Opening the request"
LONGEST_ADDRESS = 500  # characters; the limit of the database column

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull or merge request as it should be."""

    branch: str
    base: str
    title: str
    body: str


class Target(Protocol):
    def addresses(self, branch: str, pictures: Mapping[str, bytes]) -> dict[str, str]:
        """Return each picture's address for the request; `branch` is where they were pushed."""

    def request(self, pull_request: PullRequest) -> str:
        """Open or update the pull request; return its address, "" if there are none."""


class Forge:
    """One repository at a forge. `web` is its address for people, `name` "owner/name" or deeper."""

    def __init__(self, remote: Remote) -> None:
        self.remote = remote
        parts = urlsplit(remote.url)
        self.host = f"{parts.scheme}://{parts.netloc}"
        self.name = parts.path.strip("/").removesuffix(".git")
        self.web = f"{self.host}/{self.name}"
        self._all_calls = Budget(parts.hostname or "", seconds=ALL_SECONDS)

    @property
    def headers(self) -> dict[str, str]:
        raise NotImplementedError

    def call(self, method: str, url: str, **options: Any) -> Any:
        """Call the API and return the response's JSON. Raises GitError."""
        import httpx

        from inference.client.bounded import TooLarge, Unreadable, read_body
        from studio.outgoing.transport import GuardedTransport, describe_failure

        try:
            seconds = self._all_calls.seconds(SECONDS)
        except OutgoingError as error:
            raise GitError(STEP, str(error), "Try again.", again=True) from None
        guard = GuardedTransport(self._policy(), seconds=seconds, most=MOST)
        headers = {**self.headers, "Accept-Encoding": "identity"}
        try:
            # The guard's deadline applies; httpx's own timeout per step is longer.
            with (
                httpx.Client(
                    transport=guard, trust_env=False, timeout=2 * SECONDS, follow_redirects=False
                ) as client,
                client.stream(method, url, headers=headers, **options) as answer,
            ):
                status = answer.status_code
                body = read_body(answer, MOST)
        except (TooLarge, Unreadable):
            raise _unreadable() from None
        except (OutgoingError, httpx.HTTPError) as error:
            sentence = describe_failure(error, urlsplit(url).hostname or "")
            raise GitError(STEP, sentence, "Try again.", again=True) from None
        if not 200 <= status < 300:
            reason = mask_login(self.remote, body.decode(errors="replace"))
            logger.warning("the forge at %s refused (%d): %s", self.host, status, reason)
            raise GitError(STEP, f"The forge refused ({status}).", advise(status))
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise _unreadable() from None

    def _policy(self) -> Any:
        """Return the policy plus the API's host: api.github.com belongs to github.com."""
        policy = self.remote.policy
        if not self.api_host:
            return policy
        return replace(policy, hosts=(*policy.hosts, self.api_host))

    @property
    def api_host(self) -> str:
        """Return the API's host if it differs from the repository's, else ""."""
        return ""


def read_field(data: Any, *path: str | int) -> Any:
    """Return a field of a response. Raises GitError if it is missing."""
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            raise _unreadable() from None
    return data


def read_number(data: Any, *path: str | int) -> int:
    value = read_field(data, *path)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _unreadable()
    return value


def read_list(data: Any) -> list[Any]:
    if not isinstance(data, list):
        raise _unreadable()
    return data


def web_address(text: object) -> str:
    """Return the text if it is a safe http(s) link, else ""."""
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST_ADDRESS:
        return ""
    if not text.isprintable() or " " in text:
        return ""
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return text if is_web and "@" not in parts.netloc else ""


def _unreadable() -> GitError:
    return GitError(STEP, "The forge's response cannot be read.", "Check the forge's address.")


def advise(status: int) -> str:
    """Return what to do about a refusal."""
    if status in (401, 403):
        return (
            "The branch is pushed; use a token that may also open pull requests, and export again."
        )
    if status == 404:
        return "The branch is pushed; check that the token may see the repository's pull requests."
    if status in (409, 422):
        return (
            "The branch is pushed; check that the base branch exists and differs. "
            "The studio's log has the forge's reason."
        )
    if 300 <= status < 400:
        return "The branch is pushed; the repository has moved: add it again with its new address."
    return "The branch is pushed; export again to retry."
