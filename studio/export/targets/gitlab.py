"""GitLab's merge requests (REST API v4)."""

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

    def request(self, wanted: PullRequest) -> str:
        asked = {"source_branch": wanted.branch, "state": "opened"}
        found = read_list(self.call("GET", f"{self.api}/merge_requests", params=asked))
        said = {"title": wanted.title, "description": wanted.body}
        if found:
            address = f"{self.api}/merge_requests/{read_number(found, 0, 'iid')}"
            return web_address(read_field(self.call("PUT", address, json=said), "web_url"))
        opened = {**said, "source_branch": wanted.branch, "target_branch": wanted.base}
        return web_address(
            read_field(self.call("POST", f"{self.api}/merge_requests", json=opened), "web_url")
        )
