"""The access matrix: who is let in where. A new route or socket needs its rows here, one for each
method it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from studio.collaboration.services import add_comment, make_link_token, share_run
from studio.collaboration.services import make_page_token as link_page_token
from studio.export.models import Export, Repository
from studio.projects.services import delete_project
from studio.runs import retention
from studio.runs.models import Run
from studio.runs.services import finish_run, record_attempt
from studio.teams.invitations import invite
from studio.teams.membership import add_member
from studio.teams.models import Role
from studio.teams.tokens import create_token
from studio.versions.deletion import delete_version
from studio.webhooks.services import create_webhook
from tests.people import adas_team, cast
from tests.studio.runs.making import BEN, attempt, claimed_run, page_token, png
from tests.studio.runs.outlined import record_outlined

# Let in; sent to sign in (or 401); 403: a member whose role is too low; 404: for this person there
# is no such thing; 410: their link is none. Who holds a share link of the run has been to its page
# and shows the link wherever they go.
Outcome = Literal["in", "door", 403, 404, 410]
PEOPLE = ("owner", "editor", "viewer", "stranger", "signed out", "share link")
Who = tuple[Outcome, Outcome, Outcome, Outcome, Outcome, Outcome]

#                 owner editor viewer stranger signed-out share-link
MEMBERS: Who = ("in", "in", "in", 404, "door", "door")
EDITORS: Who = ("in", "in", 403, 404, "door", "door")
OWNERS: Who = ("in", 403, 403, 404, "door", "door")
PERSONAL: Who = (
    "in",
    "in",
    "in",
    "in",
    "door",
    "door",
)  # shows and changes only what is the visitor's own
WRITERS: Who = (
    "in",
    "in",
    403,
    "in",
    "door",
    "door",
)  # in the caller's own team, by a token that may write
OWN_OWNERS: Who = ("in", 403, 403, "in", "door", "door")
OPERATOR: Who = ("in", 404, 404, 404, "door", "door")  # Ada's account is the studio's first
HOLDER: Who = (410, 410, 410, 410, 410, "in")
HOLDERS: Who = (404, 404, 404, 404, 404, "in")  # of what lies under a link's page
ANYONE: Who = ("in", "in", "in", "in", "in", "in")
GONE: Who = (404, 404, 404, 404, "door", "door")
NOBODY: Who = (404, 404, 404, 404, 404, 404)
ACCOUNT = {"email": "new@example.org", "password": "a boat for a quiet day"}


@dataclass(frozen=True)
class Row:
    """`data`: a form (or JSON, for a str) that would be taken; `values`: parts of the address, over
    the world's own.
    """

    method: str
    route: str
    who: Who
    data: Any = None
    values: Mapping[str, Any] = field(default_factory=dict)


def mockup() -> dict[str, Any]:
    return {"mockup": SimpleUploadedFile("a.png", png())}


def where_to_export(run: Run) -> tuple[Repository, Export]:
    """A repository that nobody asks anything, and an export to it that waits to be looked at."""
    repository = Repository.objects.create(
        team=adas_team(),
        kind="git",
        url="https://git.invalid/site",
        base="main",
        can_write=True,
        checked_at=timezone.now(),
    )
    attempt = run.attempts.get()
    export = Export.objects.create(
        run=run, attempt=attempt, repository=repository, branch="b", state="planned"
    )
    return repository, export


class World:
    """Ada's team with Ben who edits, Cleo who views and Fay who is to be changed; a run, and what
    else there is.
    """

    def __init__(self) -> None:
        self.run: Run = claimed_run()
        record_attempt(run_id=self.run.pk, worker=BEN, attempt=attempt())
        team, ada, fay = adas_team(), cast("ada"), cast("fay")
        add_member(team=team, user=fay, role=Role.VIEWER)
        self.invitation, self.join_token = invite(team=team, by=ada, role=Role.VIEWER, days=1)
        token, _ = create_token(team=team, user=ada, name="CI", role=Role.OWNER)
        self.link = share_run(run=self.run, by=ada, days=1)
        self.holder = (
            False  # whether whoever comes next holds the link; others have only heard of such
        )
        repository, export = where_to_export(self.run)
        self.values: dict[str, Any] = {
            "repository_id": repository.pk,
            "export_id": export.pk,
            "run_id": self.run.pk,
            "project_id": self.run.project_id,
            "sha256": self.run.upload.sha256,
            "number": 0,
            "team_id": team.pk,
            "user_id": fay.pk,
            "invitation_id": self.invitation.pk,
            "token_id": token.pk,
            "webhook_id": create_webhook(team=adas_team(), by=ada, url="http://127.0.0.1/hook").pk,
            "connection_id": team.connections.create(
                name="Kimi", url="http://127.0.0.1:1/v1", model="kimi-k2.6"
            ).pk,
            "link_id": self.link.pk,
            "comment_id": add_comment(run=self.run, by=ada, text="Nice").pk,
        }

    def outlined(self) -> int:
        """Return the number of an attempt with an outline."""
        number = 1
        if not self.run.attempts.filter(number=number).exists():
            record_outlined(self.run, number=number)
        return number

    def outlined_version(self) -> int:
        """Return the version number of that attempt."""
        return self.outlined() + 1

    def page_token(self) -> str:
        return page_token(self.run)

    def invitation_token(self) -> str:
        return self.join_token

    def deleted_run(self) -> Any:
        retention.delete_run(run=self.run, by=cast("ada"))
        return self.run.pk

    def second_version(self) -> int:
        record_attempt(run_id=self.run.pk, worker=BEN, attempt=attempt(1, 0.95))
        finish_run(
            run_id=self.run.pk, worker=BEN, stop_reason="rounds spent", message="", report={}
        )
        return 2

    def deleted_second_version(self) -> int:
        number = self.second_version()
        delete_version(attempt=self.run.attempts.get(number=1), by=cast("ada"))
        return number

    def deleted_version(self) -> int:
        self.deleted_second_version()
        return 1  # the attempt's number

    def deleted_project(self) -> Any:
        delete_project(project=self.run.project, by=cast("ada"))
        return self.run.project_id

    def share_token(self) -> str:
        return make_link_token(self.link) if self.holder else "made-up"

    def shared_page_token(self) -> str:
        return link_page_token(self.link, 0, "http://testserver") if self.holder else "made-up"

    def project_form(self) -> dict[str, Any]:
        return {"project": self.run.project_id}


ROWS = (
    Row("GET", "asset", ANYONE, values={"path": "icon.svg"}),
    Row("GET", "health", ANYONE),
    Row("POST", "language", ANYONE),
    Row("GET", "metrics", (404,) * 6),  # answers under this machine's own names alone
    Row("GET", "accounts:sign-in", ANYONE),
    Row("POST", "accounts:sign-in", ANYONE, {"username": "ada@example.org", "password": "wrong"}),
    Row("POST", "accounts:sign-out", PERSONAL),
    Row("GET", "accounts:welcome", ANYONE, values={"token": "t"}),
    Row("POST", "accounts:welcome", (410,) * 6, values={"token": "t"}),  # no link of anybody's
    Row("GET", "accounts:account", PERSONAL),
    Row("POST", "accounts:account", PERSONAL, ACCOUNT),
    Row("POST", "accounts:sign-out-elsewhere", PERSONAL),
    Row(
        "GET", "accounts:second-step", ANYONE
    ),  # who has shown no password is sent to the first step
    Row("POST", "accounts:second-step", ANYONE, {"code": "123456"}),
    Row(
        "GET", "accounts:confirm-email", (410, 410, 410, 410, "door", "door"), values={"token": "t"}
    ),
    Row(
        "POST",
        "accounts:confirm-email",
        (410, 410, 410, 410, "door", "door"),
        values={"token": "t"},
    ),
    Row("GET", "accounts:two-factor", PERSONAL),
    Row("POST", "accounts:two-factor", PERSONAL, {"code": "123456"}),
    Row("POST", "accounts:recovery-codes", PERSONAL, {"code": "123456"}),
    Row("POST", "accounts:two-factor-off", PERSONAL, {"code": "123456"}),
    Row("GET", "accounts:sign-up", (404,) * 6),  # open only where SIGN_UP says so
    Row("POST", "accounts:sign-up", (404,) * 6),
    Row("GET", "accounts:finish-sign-up", (404,) * 6, values={"token": "t"}),
    Row("POST", "accounts:finish-sign-up", (404,) * 6, values={"token": "t"}),
    Row("GET", "accounts:join", ANYONE, values={"token": World.invitation_token}),
    Row("POST", "accounts:join", ANYONE, ACCOUNT, values={"token": World.invitation_token}),
    Row("GET", "teams:teams", PERSONAL),
    Row("POST", "teams:teams", PERSONAL, {"name": "Boats"}),
    Row("GET", "teams:team", MEMBERS),
    Row("POST", "teams:work", MEMBERS),
    Row("POST", "teams:rename", OWNERS, {"name": "Boats"}),
    Row("POST", "teams:leave", MEMBERS),
    Row("POST", "teams:team-two-factor", OWNERS, {"needed": "yes"}),
    Row("GET", "teams:activity", MEMBERS),
    Row("GET", "teams:activity-csv", OWNERS),
    Row("GET", "teams:cost", MEMBERS),
    Row("POST", "teams:invite", OWNERS, {"role": "viewer", "days": "1"}),
    Row("POST", "teams:revoke-invitation", OWNERS),
    Row("POST", "teams:change-role", OWNERS, {"role": "editor"}),
    Row("POST", "teams:remove", OWNERS),
    Row("POST", "teams:hand-over", OWNERS),
    Row("GET", "teams:models", MEMBERS),
    Row("POST", "teams:models", OWNERS, {"name": "Kimi", "url": "http://127.0.0.1:1/v1"}),
    Row("GET", "teams:change-model", OWNERS),
    Row("POST", "teams:change-model", OWNERS, {"name": "Kimi", "url": "http://127.0.0.1:1/v1"}),
    Row("POST", "teams:remove-model", OWNERS),
    Row("POST", "teams:budget", OWNERS, {"tokens_a_day": "1000"}),
    Row("GET", "teams:tokens", MEMBERS),
    Row("POST", "teams:tokens", MEMBERS, {"name": "CI", "role": "viewer"}),
    Row("POST", "teams:revoke-token", OWNERS),  # of somebody else
    Row("POST", "projects:create", PERSONAL, {"name": "Spring shop"}),
    Row("POST", "projects:rename", EDITORS, {"name": "Autumn shop"}),
    Row("POST", "projects:archive", EDITORS),
    Row("POST", "projects:delete", EDITORS),
    Row("POST", "projects:undelete", EDITORS, values={"project_id": World.deleted_project}),
    Row("GET", "uploads:picture", MEMBERS),
    Row("GET", "uploads:thumbnail", MEMBERS),
    Row("GET", "runs:start", PERSONAL),
    Row("POST", "runs:start", PERSONAL, mockup),
    Row("GET", "runs:project", MEMBERS),
    Row("POST", "runs:project", EDITORS, mockup),
    Row("POST", "runs:sample", PERSONAL, values={"name": "harbour"}),
    Row("GET", "runs:run", MEMBERS),
    Row("GET", "runs:result", MEMBERS),
    Row("GET", "runs:follow", MEMBERS),
    Row("POST", "runs:cancel", EDITORS),
    Row("GET", "runs:download", MEMBERS),
    Row("GET", "runs:picture", MEMBERS, values={"name": "render"}),
    Row("GET", "runs:thumbnail", MEMBERS),
    Row("GET", "versions:version", MEMBERS),
    Row("GET", "versions:alone", MEMBERS),
    Row("GET", "versions:diff", MEMBERS),
    Row("POST", "versions:follow-up", EDITORS, {"prompt": "A darker band"}),
    Row(
        "POST",
        "versions:edit",
        EDITORS,
        {"changes": '[{"at": 2, "name": "text", "value": "Ships"}]'},
    ),
    Row("POST", "versions:code", EDITORS, {"files": '{"index.html": "<h1>Ships</h1>"}'}),
    Row("POST", "versions:restore", EDITORS),
    Row("GET", "versions:outline", MEMBERS, values={"number": World.outlined}),
    Row("POST", "versions:outline", EDITORS, {"do": "update"}, {"number": World.outlined}),
    Row("POST", "versions:delete", EDITORS),
    Row("POST", "versions:undelete", EDITORS, values={"number": World.deleted_version}),
    Row(
        "GET", "runs:page", ANYONE, values={"token": World.page_token, "name": "index.html"}
    ),  # signed address
    Row("GET", "versions:import", PERSONAL),
    Row("POST", "versions:import", PERSONAL),
    Row("GET", "export:exports", MEMBERS),
    Row("POST", "export:exports", EDITORS, {"branch": "likeness/boats"}),
    Row("GET", "export:export", MEMBERS),
    Row("POST", "export:confirm", EDITORS),
    Row("POST", "export:retry", EDITORS),
    Row("POST", "export:cancel", EDITORS),
    Row("GET", "export:repositories", OWNERS),
    Row("POST", "export:repositories", OWNERS, {"kind": "git"}),
    Row("POST", "export:remove-repository", OWNERS),
    Row("GET", "designs:design", MEMBERS),
    Row("POST", "designs:design", OWNERS, {"source": ":root { --ink: #111111; }"}),
    Row("POST", "designs:add-component", OWNERS, {"name": "b", "html": "<button>x</button>"}),
    Row("POST", "designs:remove-component", OWNERS, values={"name": "b"}),
    Row("POST", "designs:remove", OWNERS),
    Row("GET", "collaboration:share", EDITORS),
    Row("POST", "collaboration:share", EDITORS, {"days": "7"}),
    Row("POST", "collaboration:close", EDITORS),
    Row("GET", "collaboration:comments", MEMBERS),
    Row("POST", "collaboration:comments", MEMBERS, {"text": "Nice"}),
    Row("POST", "collaboration:resolve", EDITORS),  # of somebody else's
    Row("POST", "collaboration:delete", EDITORS),
    Row("POST", "collaboration:restore", MEMBERS, {"token": "forged"}),
    Row("GET", "operations:operator", OPERATOR),
    Row("POST", "operations:install-writer", OPERATOR),
    Row("GET", "collaboration:shared", HOLDER, values={"token": World.share_token}),
    Row(
        "GET",
        "collaboration:shared-picture",
        HOLDERS,
        values={"token": World.share_token, "name": "render"},
    ),
    Row(
        "GET",
        "collaboration:shared-page",
        HOLDERS,
        values={"token": World.shared_page_token, "name": "index.html"},
    ),
    Row("GET", "library:library", PERSONAL),
    Row("POST", "library:rename", EDITORS, {"name": "Boats"}),
    Row("POST", "library:move", EDITORS, World.project_form),
    Row("POST", "library:duplicate", EDITORS),
    Row("POST", "library:archive", EDITORS),
    Row("POST", "library:delete", EDITORS),
    Row("POST", "library:undelete", EDITORS, values={"run_id": World.deleted_run}),
    Row("POST", "library:duplicate-project", EDITORS),
    Row("GET", "api:openapi-json", ANYONE),
    Row("GET", "api:get_design", PERSONAL),
    Row("PUT", "api:get_design", OWN_OWNERS, '{"tokens": ":root { --ink: #111111; }"}'),
    Row("DELETE", "api:get_design", OWN_OWNERS),
    Row("GET", "api:list_webhooks", OWN_OWNERS),
    Row("POST", "api:list_webhooks", OWN_OWNERS, '{"url": "http://127.0.0.1/hook"}'),
    Row("DELETE", "api:remove_webhook", OWNERS),
    Row("GET", "api:api-root", NOBODY),  # what the other addresses begin with
    Row("GET", "api:list_models", PERSONAL),
    Row("GET", "api:list_projects", PERSONAL),
    Row("POST", "api:list_projects", WRITERS, '{"name": "Spring shop"}'),
    Row("POST", "api:upload_mockup", WRITERS, lambda: {"file": SimpleUploadedFile("a.png", png())}),
    Row("GET", "api:list_runs", PERSONAL),
    Row("POST", "api:list_runs", WRITERS, '{"prompt": "A page about boats"}'),
    Row("GET", "api:get_run", MEMBERS),
    Row("POST", "api:cancel_run", EDITORS),
    Row("GET", "api:follow_events", MEMBERS),
    Row("GET", "api:list_versions", MEMBERS),
    Row("GET", "api:get_files", MEMBERS, values={"number": 1}),
    Row("GET", "api:get_zip", MEMBERS, values={"number": 1}),
    Row("GET", "api:get_picture", MEMBERS, values={"number": 1, "picture": "render"}),
    Row("POST", "api:follow_up", EDITORS, '{"prompt": "Larger"}', values={"number": 1}),
    Row("POST", "api:start_comparison", PERSONAL, '{"mockup": "none", "files": {"a.css": ""}}'),
    Row("GET", "api:get_comparison", GONE, values={"job": "0" * 32}),
    Row("POST", "api:restore_version", EDITORS, values={"number": 1}),
    Row("GET", "api:get_outline", MEMBERS, values={"number": World.outlined_version}),
    Row(
        "POST",
        "api:get_outline",
        EDITORS,
        '{"outline": {}}',
        values={"number": World.outlined_version},
    ),
    Row("DELETE", "api:get_files", EDITORS, values={"number": World.second_version}),
    Row("POST", "api:undelete_version", EDITORS, values={"number": World.deleted_second_version}),
)

SOCKETS: dict[str, Who] = {
    "ws/runs/<uuid:run_id>": MEMBERS,
    "ws/runs/<uuid:run_id>/together": MEMBERS,
}


def made(value: Any, world: World) -> Any:
    """A value, or what makes one: of the world, or of nothing."""
    if isinstance(value, Callable):  # type: ignore[arg-type]
        return value(world) if value.__qualname__.startswith("World.") else value()
    return value
