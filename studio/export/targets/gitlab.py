"""The target for GitLab (REST API v4)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from studio.export.targets.base import (
    Forge,
    PullRequest,
    read_field,
    read_list,
    read_number,
    web_address,
)


class GitLab(Forge):
    @property
    def headers(self) -> dict[str, str]:
        return {"PRIVATE-TOKEN": self.remote.secret}

    @property
    def api(self) -> str:
        return f"{self.host}/api/v4/projects/{quote(self.name, safe='')}"

    def addresses(self, branch: str, pictures: Mapping[str, bytes]) -> dict[str, str]:
        return {name.partition(".")[0]: f"{self.web}/-/raw/{branch}/{name}" for name in pictures}

    def request(self, pull_request: PullRequest) -> str:
        address = f"{self.api}/merge_requests"
        query = {"source_branch": pull_request.branch, "state": "opened"}
        requests = read_list(self.call("GET", address, params=query))
        values = {"title": pull_request.title, "description": pull_request.body}
        if requests:
            number = read_number(requests, 0, "iid")
            request = self.call("PUT", f"{address}/{number}", json=values)
        else:
            values |= {"source_branch": pull_request.branch, "target_branch": pull_request.base}
            request = self.call("POST", address, json=values)
        return web_address(read_field(request, "web_url"))
