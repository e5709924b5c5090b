"""The verbs of webhooks, and the only writers of them and their deliveries.

A delivery is a row before it is a request: a worker that dies, or a receiver that is away, costs
time and nothing else. Deliveries have a queue and a worker of their own, so that a slow receiver
holds up no run.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac

from studio.config.celery import app
from studio.outgoing.budget import Budget
from studio.outgoing.connection import find_addresses
from studio.outgoing.errors import OutgoingError, Unreachable
from studio.outgoing.policies import webhook_policy
from studio.runs.models import Run
from studio.runs.selectors import describe_run
from studio.teams.activity import record
from studio.teams.models import Team, User
from studio.webhooks.models import Delivery, Webhook

TASK = "studio.webhooks.deliver"
MOST = 10  # webhooks of one team
# deliveries of one team under way in one process: its slow receivers leave room for other teams
AT_ONCE = 2
# Seconds; a message that waited longer is dropped, for each round sends another. Longer than clocks
# of machines differ.
EXPIRES = 600
ANSWER_BYTES = 65_536  # status line and headers; the body is not read
# Seconds after each failed try: about a day in all, then it is given up.
PAUSES = (10, 60, 300, 1800, 7200, 21_600, 57_600)
KEPT = timedelta(days=30)
ROUND_SIZE, MOST_DUE = 100, 1000  # deliveries that one round sends messages for, and looks at

logger = logging.getLogger(__name__)


class WebhookError(Exception):
    """What cannot be a webhook, in one sentence."""


def create_webhook(*, team: Team, by: User, url: str) -> Webhook:
    """Raises WebhookError for an address that this studio does not send to."""
    parts = urlsplit(url)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.username
        or parts.password
    ):
        raise WebhookError(
            f"Got {url[:200]}; a webhook is an address such as https://example.org/hook, without a login."
        )
    check_address(url)
    if team.webhooks.count() >= MOST:
        raise WebhookError(
            f"The team has {MOST} webhooks, as many as are allowed; remove one first."
        )
    # Of the address the host alone: many have a secret in what follows it.
    record(team=team, actor=by, verb="added a webhook at", target=parts.hostname)
    return Webhook.objects.create(team=team, created_by=by, url=url, nonce=get_random_string(32))


def check_address(url: str) -> None:
    """Raise WebhookError for an address that this studio does not send to; one that is not found
    may come to be.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise WebhookError(f"Got {url[:200]}; its port is no number from 0 to 65535.") from None
    try:
        find_addresses(webhook_policy(), host, port, Budget(host, seconds=settings.WEBHOOK_SECONDS))
    except Unreachable:
        return
    except OutgoingError as error:
        raise WebhookError(str(error)) from None


def remove_webhook(*, webhook: Webhook, by: User) -> None:
    webhook.delete()
    record(
        team=webhook.team,
        actor=by,
        verb="removed a webhook at",
        target=urlsplit(webhook.url).hostname or "",
    )


def derive_secret(webhook: Webhook) -> str:
    """What the receiver checks signatures with; shown to its maker once."""
    return salted_hmac(
        "studio.webhooks", f"{webhook.pk}:{webhook.nonce}", algorithm="sha256"
    ).hexdigest()


def sign_body(secret: str, at: int, body: bytes) -> str:
    digest = hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def enqueue_deliveries(*, run: Run, **kwargs: Any) -> None:
    """A run is over: a delivery for each webhook of its team."""
    hooks = Webhook.objects.filter(team__projects=run.project_id)
    rows = [Delivery(webhook=hook, run=run, due_at=timezone.now()) for hook in hooks]
    if rows:
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
        transaction.on_commit(lambda: _enqueue([row.pk for row in rows]))


def deliver(*, delivery_id: uuid.UUID) -> None:
    """One try, by whoever claims it first; the next one is put off before this one begins."""
    now = timezone.now()
    found = Delivery.objects.select_related("webhook", "run__upload").filter(
        pk=delivery_id, state=Delivery.State.WAITING, due_at__lte=now
    )
    delivery = found.first()
    if delivery is None:
        return
    with places.take(delivery.webhook.team_id) as is_free:
        if is_free:  # else a later round finds it again
            _try(delivery)


def _try(delivery: Delivery) -> None:
    last = delivery.tries >= len(PAUSES)
    pause = timedelta(seconds=PAUSES[min(delivery.tries, len(PAUSES) - 1)])
    claim = Delivery.objects.filter(
        pk=delivery.pk, tries=delivery.tries, state=Delivery.State.WAITING
    )
    if not claim.update(tries=delivery.tries + 1, due_at=timezone.now() + pause):
        return
    delivered, answer = _send_delivery(delivery)
    state = (
        Delivery.State.DELIVERED
        if delivered
        else Delivery.State.GIVEN_UP
        if last
        else Delivery.State.WAITING
    )
    Delivery.objects.filter(pk=delivery.pk).update(state=state, answer=answer[:200])


def deliver_due() -> int:
    """Try all that is due, here and now. Returns how many there were."""
    found = _list_due()
    for delivery_id in found:
        deliver(delivery_id=delivery_id)
    return len(found)


def ring_due() -> int:
    """Send a message for each try that is due: what was put off, and what a lost message left
    behind.
    """
    found = _list_due()
    _enqueue(found)
    return len(found)


def forget_old() -> None:
    """Delete the deliveries that are older than they are kept."""
    Delivery.objects.filter(created_at__lt=timezone.now() - KEPT).delete()


def _list_due() -> list[uuid.UUID]:
    """Return what is due, the longest waiting first, of each team in turn."""
    due = Delivery.objects.filter(state=Delivery.State.WAITING, due_at__lte=timezone.now())
    rows = list(due.order_by("due_at").values_list("pk", "webhook__team_id")[:MOST_DUE])
    seen: Counter[int] = Counter()
    order: list[tuple[int, int, uuid.UUID]] = []
    for place, (delivery_id, team_id) in enumerate(rows):
        order.append((seen[team_id], place, delivery_id))
        seen[team_id] += 1
    return [delivery_id for _, _, delivery_id in sorted(order)[:ROUND_SIZE]]


class _Places:
    """How many deliveries of each team are under way in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: Counter[int] = Counter()

    @contextmanager
    def take(self, team_id: int) -> Iterator[bool]:
        """Yield whether the team has a place free, and hold it meanwhile."""
        with self._lock:
            is_free = self._taken[team_id] < AT_ONCE
            if is_free:
                self._taken[team_id] += 1
        try:
            yield is_free
        finally:
            if is_free:
                with self._lock:
                    self._taken[team_id] -= 1


places = _Places()


def _send_delivery(delivery: Delivery) -> tuple[bool, str]:
    """(it was taken, what came of it, in our own words). Of the answer only the status is read.

    A redirect is an answer like any other that is no 2xx.
    """
    import httpx

    from studio.outgoing.transport import GuardedTransport, describe_failure

    body = json.dumps(
        {"event": "run.over", "run": describe_run(delivery.run)}, cls=DjangoJSONEncoder
    ).encode()
    headers = {
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",
        "Likeness-Delivery": str(delivery.pk),
        "Likeness-Signature": sign_body(derive_secret(delivery.webhook), int(time.time()), body),
    }
    seconds = settings.WEBHOOK_SECONDS
    guard = GuardedTransport(webhook_policy(), seconds=seconds, most=ANSWER_BYTES)
    url = delivery.webhook.url
    try:
        # The guard's deadline is the limit; httpx's own time-out of a step comes after it.
        with (
            httpx.Client(
                transport=guard, trust_env=False, timeout=2 * seconds, follow_redirects=False
            ) as client,
            client.stream("POST", url, content=body, headers=headers) as answer,
        ):
            return answer.is_success, f"answered {answer.status_code}"
    except (OutgoingError, httpx.HTTPError, httpx.InvalidURL) as error:
        return False, describe_failure(error, urlsplit(url).hostname or "")


def _enqueue(ids: list[uuid.UUID]) -> None:
    """A queue that is away costs time: `ring_due` finds the rows."""
    try:
        for delivery_id in ids:
            app.send_task(TASK, args=[str(delivery_id)], expires=EXPIRES)
    except Exception as error:
        logger.warning("webhooks wait: the queue does not answer (%s)", type(error).__name__)
