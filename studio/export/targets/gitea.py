"""The target for Gitea and Forgejo (REST API v1)."""

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

    def request(self, pull_request: PullRequest) -> str:
        values = {"title": pull_request.title, "body": pull_request.body}
        number = self.opened(pull_request.branch)
        if number is not None:
            pull = self.call("PATCH", f"{self.api}/pulls/{number}", json=values)
        else:
            values |= {"head": pull_request.branch, "base": pull_request.base}
            pull = self.call("POST", f"{self.api}/pulls", json=values)
        return web_address(read_field(pull, "html_url"))

    def opened(self, branch: str) -> int | None:
        """Return the open request's number; the API cannot filter by branch, so all are searched."""
        for page in range(1, MOST_PAGES + 1):
            query = {"state": "open", "page": page, "limit": 50}
            pulls = read_list(self.call("GET", f"{self.api}/pulls", params=query))
            for pull in pulls:
                if read_field(pull, "head", "ref") == branch:
                    return read_number(pull, "number")
            if not pulls:  # only an empty page is the last: the server may limit a page's size
                return None
        raise GitError(
            STEP,
            "The repository has too many open pull requests to search.",
            "Close some of them.",
        )
