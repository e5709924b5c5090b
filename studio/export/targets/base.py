"""What a target does, and how a forge's API is spoken to: what it answers is checked, its words go
to the log.
"""

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
LONGEST_ADDRESS = 500  # characters; as many as the row holds

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull or merge request as it shall be."""

    branch: str
    base: str
    title: str
    body: str


class Target(Protocol):
    def addresses(self, branch: str, pictures: Mapping[str, bytes]) -> dict[str, str]:
        """Where each picture can be seen from a request; `branch`: the side branch they were pushed
        to.
        """

    def request(self, wanted: PullRequest) -> str:
        """Open the request, or bring the open one up to date; its address, '' where there are no
        requests.
        """


class Forge:
    """One repository at a forge: `web` is its address for people, `name` 'owner/name' (or deeper)."""

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

    def call(self, method: str, url: str, **more: Any) -> Any:
        """Return the answer's JSON. Raises GitError."""
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
            # The guard's deadline is the limit; httpx's own time-out of a step comes after it.
            with (
                httpx.Client(
                    transport=guard, trust_env=False, timeout=2 * SECONDS, follow_redirects=False
                ) as client,
                client.stream(method, url, headers=headers, **more) as answer,
            ):
                status, body = answer.status_code, read_body(answer, MOST)
        except (TooLarge, Unreadable):
            raise _unreadable() from None
        except (OutgoingError, httpx.HTTPError) as error:
            sentence = describe_failure(error, urlsplit(url).hostname or "")
            raise GitError(STEP, sentence, "Try again.", again=True) from None
        if not 200 <= status < 300:
            said = mask_login(self.remote, body.decode(errors="replace"))
            logger.warning("the forge at %s refused (%d): %s", self.host, status, said)
            raise GitError(STEP, f"The forge refused ({status}).", advise(status))
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise _unreadable() from None

    def _policy(self) -> Any:
        """GitHub's API is part of github.com, whatever list of hosts names that."""
        policy = self.remote.policy
        return replace(policy, hosts=(*policy.hosts, self.api_host)) if self.api_host else policy

    @property
    def api_host(self) -> str:
        """The API's host where it is another than the repository's."""
        return ""


def read_field(data: Any, *path: str | int) -> Any:
    """Return a field of an answer. Raises GitError where it is not there."""
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            raise _unreadable() from None
    return data


def read_number(data: Any, *path: str | int) -> int:
    found = read_field(data, *path)
    if isinstance(found, bool) or not isinstance(found, int):
        raise _unreadable()
    return found


def read_list(data: Any) -> list[Any]:
    if not isinstance(data, list):
        raise _unreadable()
    return data


def web_address(text: object) -> str:
    """Return an address that can be shown as a link: http or https and nothing that browsers run;
    else ''.
    """
    if (
        not isinstance(text, str)
        or not 0 < len(text) <= LONGEST_ADDRESS
        or not text.isprintable()
        or " " in text
    ):
        return ""
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return text if is_web and "@" not in parts.netloc else ""


def _unreadable() -> GitError:
    return GitError(STEP, "The forge's answer cannot be read.", "Is this the forge's own address?")


def advise(status: int) -> str:
    """Return what to do about a refusal."""
    if status in (401, 403):
        return "The branch is pushed; give a token that may also open requests, and export again."
    if status == 404:
        return "The branch is pushed; may the token see this repository's requests?"
    if status in (409, 422):
        return (
            "The branch is pushed; is the base branch still there, and does it differ? "
            "The studio's log holds the forge's reason."
        )
    if 300 <= status < 400:
        return "The branch is pushed; the repository has moved: add it again by its new address."
    return "The branch is pushed; export again to try once more."
