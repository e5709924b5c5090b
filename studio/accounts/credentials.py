"""Checks the session or token of a request before Django reads it."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.http.cookie import parse_cookie
from django.utils import timezone

from studio.teams.models import ApiToken, Session
from studio.teams.secret import hash_secret

BEARER = "Bearer "


@database_sync_to_async  # type: ignore[untyped-decorator]
def is_signed_in(scope: MutableMapping[str, Any]) -> bool:
    """Return True if an ASGI request scope has a valid session or token.

    The views check what its owner may do.
    """
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    secret = headers.get(b"authorization", "")
    if secret.startswith(BEARER):
        return ApiToken.objects.filter(
            digest=hash_secret(secret.removeprefix(BEARER)), user__is_active=True
        ).exists()
    key = parse_cookie(headers.get(b"cookie", "")).get(settings.SESSION_COOKIE_NAME, "")
    live = Session.objects.filter(
        session_key=key, user__is_active=True, expire_date__gt=timezone.now()
    )
    return bool(key) and live.exists()
