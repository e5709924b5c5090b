"""GitHub's pull requests (REST API 2022-11-28), on github.com and on servers of one's own."""

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

    def request(self, wanted: PullRequest) -> str:
        owner = self.name.partition("/")[0]
        asked = {"head": f"{owner}:{wanted.branch}", "state": "open"}
        found = read_list(self.call("GET", f"{self.api}/pulls", params=asked))
        said = {"title": wanted.title, "body": wanted.body}
        if found:
            number = read_number(found, 0, "number")
            return web_address(
                read_field(self.call("PATCH", f"{self.api}/pulls/{number}", json=said), "html_url")
            )
        opened = {**said, "head": wanted.branch, "base": wanted.base}
        return web_address(
            read_field(self.call("POST", f"{self.api}/pulls", json=opened), "html_url")
        )
