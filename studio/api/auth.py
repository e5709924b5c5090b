"""Who calls: the API takes tokens alone, no cookies, so no page of another site can use it in
somebody's name.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer

from studio.teams import throttle
from studio.teams.models import ApiToken
from studio.teams.tokens import find_token


class TooManyRequests(Exception):
    """`seconds`: when the next request is answered."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"Too many requests; wait {seconds} seconds. One person may send {settings.API_REQUESTS} a minute "
            f"(API_REQUESTS), one team {settings.TEAM_API_REQUESTS} (TEAM_API_REQUESTS)."
        )
        self.seconds = seconds


class TokenAuth(HttpBearer):
    openapi_description = "A token from the team's page, as `Authorization: Bearer likeness_…`."

    def authenticate(self, request: HttpRequest, token: str) -> Any | None:
        found = find_token(token)
        if found is None:
            return None
        if seconds := throttle.count_api_request(user_id=found.user_id, team_id=found.team_id):
            raise TooManyRequests(seconds)
        return found


def get_caller(request: HttpRequest) -> ApiToken:
    """The token that let this request in."""
    token = request.auth  # type: ignore[attr-defined]
    assert isinstance(token, ApiToken)
    return token
