"""The policy of each kind of outgoing connection, from Django's settings."""

from __future__ import annotations

from django.conf import settings

from studio.outgoing.policy import Policy


def model_policy() -> Policy:
    """Return the policy for teams' model servers."""
    return _team_policy(settings.CONNECTION_HOSTS, "CONNECTION_HOSTS")


def webhook_policy() -> Policy:
    """Return the policy for webhooks."""
    return _team_policy(settings.WEBHOOK_HOSTS, "WEBHOOK_HOSTS")


def export_policy() -> Policy:
    """Return the policy for git servers and forges' APIs."""
    return _team_policy(settings.EXPORT_HOSTS, "EXPORT_HOSTS")


def capture_policy() -> Policy:
    """Return the policy for pages that become mockups."""
    return _team_policy(settings.CAPTURE_HOSTS, "CAPTURE_HOSTS")


def operator_policy() -> Policy:
    """Return the policy for MODEL_URL, which may be on this machine or in the operator's network."""
    return Policy(private=True, allow=settings.OUTGOING_ALLOW)


def _team_policy(hosts: tuple[str, ...], setting: str) -> Policy:
    return Policy(
        hosts=tuple(hosts),
        setting=setting,
        private=settings.OUTGOING_PRIVATE,
        allow=tuple(settings.OUTGOING_ALLOW),
    )
