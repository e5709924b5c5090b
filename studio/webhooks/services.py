"""The verbs of webhooks, and the only writers of them and their deliveries.

A delivery is a row before it is a request: a worker that dies, or a receiver that is away, costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time
import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac

from studio.addresses import forbidden, matches
from studio.config.celery import app
from studio.runs.models import Run
from studio.runs.selectors import run_facts
from studio.teams.activity import record
from studio.teams.models import Team, User
from studio.webhooks.models import Delivery, Webhook

TASK = "studio.webhooks.deliver"
MOST = 10  # webhooks of one team
PATIENCE = 10.0  # seconds for a receiver to answer
# Seconds after each failed try: about a day in all, then it is given up.
PAUSES = (10, 60, 300, 1800, 7200, 21_600, 57_600)
KEPT = timedelta(days=30)

logger = logging.getLogger(__name__)


class WebhookError(Exception):
    """What cannot be a webhook, in one sentence."""


def create_webhook(*, team: Team, by: User, url: str) -> Webhook:
    """Raises WebhookError for an address that this studio does not send to."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise WebhookError(
            f"Got {url[:200]}; a webhook is an address such as https://example.org/hook, without a login."
        )
    if not matches(parts.hostname, settings.WEBHOOK_HOSTS):
        raise WebhookError(f"This studio sends nothing to {parts.hostname}; WEBHOOK_HOSTS says where it does.")
    if found := forbidden(parts.hostname):
        raise WebhookError(f"{parts.hostname} is at {found}, where no receiver can be: give another address.")
    if team.webhooks.count() >= MOST:
        raise WebhookError(f"The team has {MOST} webhooks, as many as are allowed; remove one first.")
    # Of the address the host alone: many have a secret in what follows it.
    record(team=team, actor=by, verb="added a webhook at", target=parts.hostname)
    return Webhook.objects.create(team=team, created_by=by, url=url, nonce=get_random_string(32))


def remove_webhook(*, webhook: Webhook, by: User) -> None:
    webhook.delete()
    record(team=webhook.team, actor=by, verb="removed a webhook at", target=urlsplit(webhook.url).hostname or "")


def secret_of(webhook: Webhook) -> str:
    """What the receiver checks signatures with; shown to its maker once."""
    return salted_hmac("studio.webhooks", f"{webhook.pk}:{webhook.nonce}", algorithm="sha256").hexdigest()


def signature(secret: str, at: int, body: bytes) -> str:
    digest = hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def note_run(*, run: Run, **kwargs: Any) -> None:
    """A run is over: a delivery for each webhook of its team."""
    hooks = Webhook.objects.filter(team__projects=run.project_id)
    rows = [Delivery(webhook=hook, run=run, due_at=timezone.now()) for hook in hooks]
    if rows:
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
        transaction.on_commit(lambda: _ring([row.pk for row in rows]))


def deliver(*, delivery_id: uuid.UUID) -> None:
    """One try, by whoever claims it first; the next one is put off before this one begins."""
    now = timezone.now()
    found = Delivery.objects.select_related("webhook", "run__upload").filter(
        pk=delivery_id, state=Delivery.State.WAITING, due_at__lte=now
    )
    delivery = found.first()
    if delivery is None:
        return
    last = delivery.tries >= len(PAUSES)
    pause = timedelta(seconds=PAUSES[min(delivery.tries, len(PAUSES) - 1)])
    claim = Delivery.objects.filter(pk=delivery.pk, tries=delivery.tries, state=Delivery.State.WAITING)
    if not claim.update(tries=delivery.tries + 1, due_at=now + pause):
        return
    delivered, answer = _send(delivery)
    state = Delivery.State.DELIVERED if delivered else Delivery.State.GIVEN_UP if last else Delivery.State.WAITING
    Delivery.objects.filter(pk=delivery.pk).update(state=state, answer=answer[:200])


def deliver_due() -> int:
    """Every try that is due: what was put off, and what a lost message left behind. Returns how many there were."""
    found = list(_due().values_list("pk", flat=True)[:100])
    for delivery_id in found:
        deliver(delivery_id=delivery_id)
    Delivery.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    return len(found)


def anything_due() -> bool:
    return _due().exists()


def _due() -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=Delivery.State.WAITING, due_at__lte=timezone.now())


def _send(delivery: Delivery) -> tuple[bool, str]:
    """(it was taken, what was answered). Goes nowhere else: a redirect is an answer like any other that is no 2xx."""
    import httpx

    host = urlsplit(delivery.webhook.url).hostname or ""
    if not matches(host, settings.WEBHOOK_HOSTS) or forbidden(host):
        return False, "the address is no longer allowed"
    body = json.dumps({"event": "run.over", "run": run_facts(delivery.run)}, cls=DjangoJSONEncoder).encode()
    headers = {
        "Content-Type": "application/json",
        "Likeness-Delivery": str(delivery.pk),
        "Likeness-Signature": signature(secret_of(delivery.webhook), int(time.time()), body),
    }
    try:
        answer = httpx.post(delivery.webhook.url, content=body, headers=headers, timeout=PATIENCE)
    except httpx.HTTPError as error:
        return False, type(error).__name__
    return answer.is_success, f"answered {answer.status_code}"


def _ring(ids: list[uuid.UUID]) -> None:
    """A queue that is away costs time: `deliver_due` finds the rows."""
    try:
        for delivery_id in ids:
            app.send_task(TASK, args=[str(delivery_id)])
    except Exception as error:
        logger.warning("webhooks wait: the queue does not answer (%s)", type(error).__name__)
