"""What a target does, and how a forge's API is spoken to: its errors become sentences, and never show a token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from studio.export.git import WORDS, GitError, Remote, masked

if TYPE_CHECKING:
    import httpx

SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Request:
    """A pull or merge request as it shall be."""

    branch: str
    base: str
    title: str
    body: str


class Target(Protocol):
    def addresses(self, branch: str, pictures: Mapping[str, bytes]) -> dict[str, str]:
        """Where each picture can be seen from a request; `branch`: the side branch they were pushed to."""

    def request(self, wanted: Request) -> str:
        """Open the request, or bring the open one up to date; its address, '' where there are no requests."""


class Forge:
    """One repository at a forge: `web` is its address for people, `name` 'owner/name' (or deeper)."""

    def __init__(self, remote: Remote) -> None:
        self.remote = remote
        parts = urlsplit(remote.url)
        self.host = f"{parts.scheme}://{parts.netloc}"
        self.name = parts.path.strip("/").removesuffix(".git")
        self.web = f"{self.host}/{self.name}"

    @property
    def headers(self) -> dict[str, str]:
        raise NotImplementedError

    def call(self, method: str, url: str, **more: Any) -> Any:
        """The answer's JSON; raises GitError with the forge's own words."""
        import httpx

        step = "Opening the request"
        try:
            answer = httpx.request(method, url, headers=self.headers, timeout=SECONDS, **more)
        except httpx.HTTPError as error:
            words = masked(self.remote, str(error)) or type(error).__name__
            raise GitError(step, f"The forge did not answer ({words[:WORDS]}).", "Try again.", again=True) from None
        if answer.status_code >= 400:
            said = masked(self.remote, said_by(answer))[:WORDS]
            raise GitError(step, f"The forge refused ({answer.status_code}): {said}.", advice(answer.status_code))
        try:
            return answer.json()
        except ValueError:
            raise GitError(step, "The forge's answer is no JSON.", "Is this the forge's own address?") from None


def said_by(answer: httpx.Response) -> str:
    """GitHub and Gitea say `message` (GitHub details in `errors`), GitLab `message` or `error`."""
    try:
        data = answer.json()
    except ValueError:
        return answer.text[:WORDS] or answer.reason_phrase
    if not isinstance(data, dict):
        return str(data)
    details = data.get("errors") or []
    words = [str(data.get("message") or data.get("error") or answer.reason_phrase)]
    words += [
        str(one.get("message") or one.get("code") or "") if isinstance(one, dict) else str(one) for one in details
    ]
    return "; ".join(filter(None, words))


def advice(status: int) -> str:
    if status in (401, 403):
        return "The branch is pushed; give a token that may also open requests, and export again."
    if status == 404:
        return "The branch is pushed; may the token see this repository's requests?"
    return "The branch is pushed; export again to try once more."
