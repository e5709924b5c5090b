"""API views of webhooks, for the team's owners."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Field, Path, Router, Schema, Status

from studio.api.auth import get_caller
from studio.api.parsing import Id
from studio.api.responses import answers
from studio.api.schemas import Problem
from studio.teams import access
from studio.teams.models import Role, Team
from studio.webhooks import services
from studio.webhooks.models import Webhook

router = Router(tags=["webhooks"])


class WebhookIn(Schema):
    url: str = Field(min_length=1, max_length=500)


class WebhookOut(Schema):
    id: int
    url: str
    created_at: datetime

    @classmethod
    def of(cls, hook: Webhook, **more: str) -> WebhookOut:
        return cls(id=hook.pk, url=hook.url, created_at=hook.created_at, **more)


class NewWebhookOut(WebhookOut):
    secret: str = Field(description="The key for checking signatures; shown only once.")


@router.get("/webhooks", response=answers({200: list[WebhookOut]}, 403))
def list_webhooks(request: HttpRequest) -> list[WebhookOut]:
    """List the team's webhooks, without their secrets."""
    team = _require_owners_team(request)
    return [WebhookOut.of(webhook) for webhook in team.webhooks.all()]


@router.post("/webhooks", response=answers({201: NewWebhookOut}, 403, 422))
def create_webhook(request: HttpRequest, body: WebhookIn) -> Status[WebhookOut | Problem]:
    """Create a webhook that receives every finished run of the team, signed (docs/api.md)."""
    try:
        hook = services.create_webhook(
            team=_require_owners_team(request), by=get_caller(request).user, url=body.url
        )
    except services.WebhookError as error:
        return Status(422, Problem(detail=str(error)))
    return Status(201, NewWebhookOut.of(hook, secret=services.derive_secret(hook)))


@router.delete("/webhooks/{int:webhook_id}", response=answers({204: None}, 403, 404, 422))
def remove_webhook(request: HttpRequest, webhook_id: Path[Id]) -> Status[None]:
    """Remove a webhook; deliveries that wait are not made."""
    hook = access.fetch(Webhook.objects.all(), get_caller(request), need=Role.OWNER, pk=webhook_id)
    services.remove_webhook(webhook=hook, by=get_caller(request).user)
    return Status(204, None)


def _require_owners_team(request: HttpRequest) -> Team:
    token = get_caller(request)
    return access.fetch(Team.objects.all(), token, need=Role.OWNER, pk=token.team_id)
