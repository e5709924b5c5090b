"""The targets of exports, one module each, all with the interface `Target`.

A forge is a git remote with pull requests.
"""

from __future__ import annotations

from studio.export.git import Remote
from studio.export.targets.base import Target
from studio.export.targets.git import Git
from studio.export.targets.gitea import Gitea
from studio.export.targets.github import GitHub
from studio.export.targets.gitlab import GitLab


def make_target(kind: str, remote: Remote) -> Target:
    """Return the target for a kind of Repository.Kind."""
    kinds: dict[str, type[Git] | type[GitHub] | type[GitLab] | type[Gitea]] = {
        "git": Git,
        "github": GitHub,
        "gitlab": GitLab,
        "gitea": Gitea,
    }
    return kinds[kind](remote)
