"""The target for any git remote: a branch without a pull request."""

from __future__ import annotations

from collections.abc import Mapping

from studio.export.git import Remote
from studio.export.targets.base import PullRequest


class Git:
    def __init__(self, remote: Remote) -> None:
        self.remote = remote

    def addresses(self, branch: str, pictures: Mapping[str, bytes]) -> dict[str, str]:
        return {}

    def request(self, pull_request: PullRequest) -> str:
        return ""
