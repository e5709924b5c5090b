"""Gitea's and Forgejo's pull requests (REST API v1)."""

from __future__ import annotations

from collections.abc import Mapping

from studio.export.git import GitError
from studio.export.targets.base import (
    STEP,
    Forge,
    PullRequest,
    read_field,
    read_list,
    read_number,
    web_address,
)

MOST_PAGES = 200  # of fifty open requests each


class Gitea(Forge):
    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"token {self.remote.secret}"}

    @property
    def api(self) -> str:
        return f"{self.host}/api/v1/repos/{self.name}"

    def addresses(self, branch: str, pictures: Mapping[str, bytes]) -> dict[str, str]:
        return {
            name.partition(".")[0]: f"{self.web}/raw/branch/{branch}/{name}" for name in pictures
        }

    def request(self, wanted: PullRequest) -> str:
        said = {"title": wanted.title, "body": wanted.body}
        if (number := self.opened(wanted.branch)) is not None:
            return web_address(
                read_field(self.call("PATCH", f"{self.api}/pulls/{number}", json=said), "html_url")
            )
        wants = {**said, "head": wanted.branch, "base": wanted.base}
        return web_address(
            read_field(self.call("POST", f"{self.api}/pulls", json=wants), "html_url")
        )

    def opened(self, branch: str) -> int | None:
        """The open request's number. It cannot be asked for by branch, so all are gone through."""
        for page in range(1, MOST_PAGES + 1):
            asked = {"state": "open", "page": page, "limit": 50}
            pulls = read_list(self.call("GET", f"{self.api}/pulls", params=asked))
            for pull in pulls:
                if read_field(pull, "head", "ref") == branch:
                    return read_number(pull, "number")
            if (
                not pulls
            ):  # a page may hold fewer than were asked for: the server has a limit of its own
                return None
        raise GitError(
            STEP,
            "The repository has too many open requests to look through.",
            "Close some of them.",
        )
