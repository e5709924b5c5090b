"""The services of webhooks, and the only code that writes their rows.

A delivery is a row before it is a request, so a dead worker or an unavailable receiver only causes
delay. Deliveries have their own queue and worker, so slow receivers delay no run.
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
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext_noop

from studio.config.celery import app
from studio.outgoing.budget import Budget
from studio.outgoing.connection import find_addresses
from studio.outgoing.errors import OutgoingError, Unreachable
from studio.outgoing.policies import webhook_policy
from studio.runs.models import Run
from studio.runs.selectors import describe_run
from studio.runs.traces import trace_work
from studio.teams.activity import record
from studio.teams.models import Team, User
from studio.webhooks.models import Delivery, Webhook

TASK = "studio.webhooks.deliver"
MOST = 10  # webhooks of one team
# Concurrent deliveries of one team in one process, so slow receivers leave room for other teams.
AT_ONCE = 2
# Seconds after which a queued message is dropped, because every round sends new ones. Longer than
# clocks of machines differ.
EXPIRES = 600
ANSWER_BYTES = 65_536  # status line and headers; the body is not read
# Seconds after each failed try: about a day in total, then the delivery is given up.
PAUSES = (10, 60, 300, 1800, 7200, 21_600, 57_600)
KEPT = timedelta(days=30)
ROUND_SIZE = 100  # deliveries for which one round sends messages
MOST_DUE = 1000  # deliveries among which a round chooses

logger = logging.getLogger(__name__)


class WebhookError(Exception):
    """Raised for an invalid webhook; the message is one sentence."""


def create_webhook(*, team: Team, by: User, url: str) -> Webhook:
    """Create a webhook; raises WebhookError for addresses this studio does not send to."""
    parts = urlsplit(url)
    is_web = parts.scheme in ("http", "https") and parts.hostname
    if not is_web or parts.username or parts.password:
        raise WebhookError(
            f"Got {url[:200]}; use an address such as https://example.org/hook, without credentials."
        )
    check_address(url)
    if team.webhooks.count() >= MOST:
        raise WebhookError(f"The team has {MOST} webhooks, the limit per team; remove one first.")
    # Record only the host: many addresses contain a secret in the path.
    record(
        team=team, actor=by, verb=gettext_noop("added a webhook at"), target=parts.hostname or ""
    )
    return Webhook.objects.create(team=team, created_by=by, url=url, nonce=get_random_string(32))


def check_address(url: str) -> None:
    """Raise WebhookError for forbidden addresses; unknown hosts may exist later."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise WebhookError(f"Got {url[:200]}; use a port from 0 to 65535.") from None
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
        verb=gettext_noop("removed a webhook at"),
        target=urlsplit(webhook.url).hostname or "",
    )


def derive_secret(webhook: Webhook) -> str:
    """Return the secret for checking signatures; shown to the creator once."""
    return salted_hmac(
        "studio.webhooks", f"{webhook.pk}:{webhook.nonce}", algorithm="sha256"
    ).hexdigest()


def sign_body(secret: str, at: int, body: bytes) -> str:
    digest = hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def enqueue_deliveries(*, run: Run, **kwargs: Any) -> None:
    """Create a delivery for each webhook of the team when a run is over."""
    hooks = Webhook.objects.filter(team__projects=run.project_id)
    rows = [Delivery(webhook=hook, run=run, due_at=timezone.now()) for hook in hooks]
    if rows:
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
        transaction.on_commit(lambda: _enqueue([row.pk for row in rows]))


def deliver(*, delivery_id: uuid.UUID) -> None:
    """Try a delivery once; the next try is scheduled before this one begins."""
    due = Delivery.objects.filter(
        pk=delivery_id, state=Delivery.State.WAITING, due_at__lte=timezone.now()
    )
    delivery = due.select_related("webhook", "run__upload").first()
    if delivery is None:
        return
    with places.take(delivery.webhook.team_id) as is_free:
        if is_free:  # otherwise a later round tries it
            _try(delivery)


def _try(delivery: Delivery) -> None:
    is_last = delivery.tries >= len(PAUSES)
    pause = timedelta(seconds=PAUSES[-1] if is_last else PAUSES[delivery.tries])
    claim = Delivery.objects.filter(
        pk=delivery.pk, tries=delivery.tries, state=Delivery.State.WAITING
    )
    if not claim.update(tries=delivery.tries + 1, due_at=timezone.now() + pause):
        return
    with trace_work("delivery", delivery.run_id, tries=delivery.tries + 1) as spans:
        answer = _send_delivery(delivery)
        state = Delivery.State.GIVEN_UP if is_last else Delivery.State.WAITING
        if answer.is_accepted:
            state = Delivery.State.DELIVERED
        spans.note_facts(state=state.value, status=answer.status)
        if answer.error is not None:
            spans.note_failure(answer.error)
        Delivery.objects.filter(pk=delivery.pk).update(state=state, answer=answer.words[:200])


def deliver_due() -> int:
    """Try all due deliveries now; return how many there were."""
    delivery_ids = _list_due()
    for delivery_id in delivery_ids:
        deliver(delivery_id=delivery_id)
    return len(delivery_ids)


def ring_due() -> int:
    """Send a message for each due try, also for those whose message was lost."""
    delivery_ids = _list_due()
    _enqueue(delivery_ids)
    return len(delivery_ids)


def forget_old() -> None:
    """Delete deliveries older than KEPT."""
    Delivery.objects.filter(created_at__lt=timezone.now() - KEPT).delete()


def _list_due() -> list[uuid.UUID]:
    """Return due deliveries, teams in turn, longest waiting first."""
    due = Delivery.objects.filter(state=Delivery.State.WAITING, due_at__lte=timezone.now())
    rows = list(due.order_by("due_at").values_list("pk", "webhook__team_id")[:MOST_DUE])
    turns: Counter[int] = Counter()
    order: list[tuple[int, int, uuid.UUID]] = []
    for place, (delivery_id, team_id) in enumerate(rows):
        order.append((turns[team_id], place, delivery_id))
        turns[team_id] += 1
    return [delivery_id for _, _, delivery_id in sorted(order)[:ROUND_SIZE]]


class _Places:
    """Counts the deliveries of each team in progress in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: Counter[int] = Counter()

    @contextmanager
    def take(self, team_id: int) -> Iterator[bool]:
        """Yield whether the team has a free place, and hold it meanwhile."""
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


@dataclass(frozen=True, slots=True)
class DeliveryAnswer:
    """The result of one try: a receiver's status, or the error that there was instead."""

    words: str
    is_accepted: bool = False
    status: int | None = None
    error: Exception | None = None


def _send_delivery(delivery: Delivery) -> DeliveryAnswer:
    """Send it and return the receiver's answer.

    Only the status is read. A redirect counts as a failure.
    """
    import httpx

    from studio.outgoing.transport import GuardedTransport, describe_failure

    payload = {"event": "run.over", "run": describe_run(delivery.run, settings.PUBLIC_URL)}
    body = json.dumps(payload, cls=DjangoJSONEncoder).encode()
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
        # The guard's deadline applies; httpx's own timeout per step is longer.
        with (
            httpx.Client(
                transport=guard, trust_env=False, timeout=2 * seconds, follow_redirects=False
            ) as client,
            client.stream("POST", url, content=body, headers=headers) as answer,
        ):
            status = answer.status_code
            return DeliveryAnswer(
                f"answered {status}", is_accepted=answer.is_success, status=status
            )
    except (OutgoingError, httpx.HTTPError, httpx.InvalidURL) as error:
        return DeliveryAnswer(describe_failure(error, urlsplit(url).hostname or ""), error=error)


def _enqueue(ids: list[uuid.UUID]) -> None:
    """Send messages; if the queue is away, `ring_due` repeats them."""
    try:
        for delivery_id in ids:
            app.send_task(TASK, args=[str(delivery_id)], expires=EXPIRES)
    except Exception as error:
        logger.warning("webhooks wait: the queue is unavailable (%s)", type(error).__name__)
