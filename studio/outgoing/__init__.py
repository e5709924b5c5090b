"""The one way out: every connection that a team member's input can cause is resolved, checked and bounded here.

Models, webhooks, git over https, ssh and forge APIs use it. Addresses that only the operator sets (the database,
Redis, S3, SMTP, the OpenID Connect provider) do not.
"""

from __future__ import annotations

from studio.outgoing.connection import connect
from studio.outgoing.errors import Denied, OutgoingError, TooLarge, TooSlow, Unreachable
from studio.outgoing.policy import Policy
from studio.outgoing.transport import GuardedTransport, describe_failure

__all__ = [
    "Denied",
    "GuardedTransport",
    "OutgoingError",
    "Policy",
    "TooLarge",
    "TooSlow",
    "Unreachable",
    "connect",
    "describe_failure",
]
