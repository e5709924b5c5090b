"""Any git remote: the branch is all there is to it."""

from __future__ import annotations

from collections.abc import Mapping

from studio.export.git import Remote
from studio.export.targets.base import PullRequest


class Git:
    def __init__(self, remote: Remote) -> None:
        self.remote = remote

    def addresses(self, branch: str, pictures: Mapping[str, bytes]) -> dict[str, str]:
        return {}

    def request(self, wanted: PullRequest) -> str:
        return ""
