"""Authentication of the API.

It accepts only tokens, no cookies, so other sites cannot use it in a person's name.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer

from studio.accounts import throttle
from studio.teams.models import ApiToken
from studio.teams.tokens import find_token


class TooManyRequests(Exception):
    """Raised beyond the limit of requests; `seconds` is the time to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"Too many requests; wait {seconds} seconds. The limits per minute are {settings.API_REQUESTS} "
            f"per person (API_REQUESTS) and {settings.TEAM_API_REQUESTS} per team (TEAM_API_REQUESTS)."
        )
        self.seconds = seconds


class TokenAuth(HttpBearer):
    openapi_description = "A token from the team's page, as `Authorization: Bearer likeness_…`."

    def authenticate(self, request: HttpRequest, token: str) -> Any | None:
        caller = find_token(token)
        if caller is None:
            return None
        if seconds := throttle.count_api_request(user_id=caller.user_id, team_id=caller.team_id):
            raise TooManyRequests(seconds)
        return caller


def get_caller(request: HttpRequest) -> ApiToken:
    """Return the token of this request."""
    token = request.auth  # type: ignore[attr-defined]
    assert isinstance(token, ApiToken)
    return token
