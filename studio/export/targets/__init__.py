"""Where code can go, one module each, one signature: `Target`. A forge is a git remote with
requests on top.
"""

from __future__ import annotations

from studio.export.git import Remote
from studio.export.targets.base import Target
from studio.export.targets.git import Git
from studio.export.targets.gitea import Gitea
from studio.export.targets.github import GitHub
from studio.export.targets.gitlab import GitLab


def make_target(kind: str, remote: Remote) -> Target:
    """`kind`: one of Repository.Kind."""
    kinds: dict[str, type[Git] | type[GitHub] | type[GitLab] | type[Gitea]] = {
        "git": Git,
        "github": GitHub,
        "gitlab": GitLab,
        "gitea": Gitea,
    }
    return kinds[kind](remote)
