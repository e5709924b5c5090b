"""The target for github.com and GitHub servers (REST API 2022-11-28)."""

from __future__ import annotations

from collections.abc import Mapping

from studio.export.targets.base import (
    Forge,
    PullRequest,
    read_field,
    read_list,
    read_number,
    web_address,
)


class GitHub(Forge):
    @property
    def headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.remote.secret}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }

    @property
    def api(self) -> str:
        root = f"https://{self.api_host}" if self.api_host else f"{self.host}/api/v3"
        return f"{root}/repos/{self.name}"

    @property
    def api_host(self) -> str:
        return "api.github.com" if self.host == "https://github.com" else ""

    def addresses(self, branch: str, pictures: Mapping[str, bytes]) -> dict[str, str]:
        return {
            name.partition(".")[0]: f"{self.web}/blob/{branch}/{name}?raw=true" for name in pictures
        }

    def request(self, pull_request: PullRequest) -> str:
        owner = self.name.partition("/")[0]
        query = {"head": f"{owner}:{pull_request.branch}", "state": "open"}
        pulls = read_list(self.call("GET", f"{self.api}/pulls", params=query))
        values = {"title": pull_request.title, "body": pull_request.body}
        if pulls:
            number = read_number(pulls, 0, "number")
            pull = self.call("PATCH", f"{self.api}/pulls/{number}", json=values)
        else:
            values |= {"head": pull_request.branch, "base": pull_request.base}
            pull = self.call("POST", f"{self.api}/pulls", json=values)
        return web_address(read_field(pull, "html_url"))
