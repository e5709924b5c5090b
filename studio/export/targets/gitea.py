"""Gitea's and Forgejo's pull requests (REST API v1)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from studio.export.targets.base import Forge, Request


class Gitea(Forge):
    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"token {self.remote.secret}"}

    @property
    def api(self) -> str:
        return f"{self.host}/api/v1/repos/{self.name}"

    def addresses(self, branch: str, pictures: Mapping[str, bytes]) -> dict[str, str]:
        return {name.partition(".")[0]: f"{self.web}/raw/branch/{branch}/{name}" for name in pictures}

    def request(self, wanted: Request) -> str:
        said = {"title": wanted.title, "body": wanted.body}
        if (number := self.opened(wanted.branch)) is not None:
            return str(self.call("PATCH", f"{self.api}/pulls/{number}", json=said)["html_url"])
        wants = {**said, "head": wanted.branch, "base": wanted.base}
        return str(self.call("POST", f"{self.api}/pulls", json=wants)["html_url"])

    def opened(self, branch: str) -> int | None:
        """The open request's number. It cannot be asked for by branch, so all are gone through."""
        for page in count(1):
            pulls = self.call("GET", f"{self.api}/pulls", params={"state": "open", "page": page, "limit": 50})
            for pull in pulls:
                if pull["head"]["ref"] == branch:
                    return int(pull["number"])
            if not pulls:  # a page may hold fewer than were asked for: the server has a limit of its own
                break
        return None
