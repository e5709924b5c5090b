"""Who calls: the API takes tokens alone, no cookies, so no page of another site can use it in somebody's name."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from studio.teams.models import ApiToken
from studio.teams.tokens import token_caller


class TokenAuth(HttpBearer):
    openapi_description = "A token from the team's page, as `Authorization: Bearer likeness_…`."

    def authenticate(self, request: HttpRequest, token: str) -> Any | None:
        return token_caller(token)


def caller(request: HttpRequest) -> ApiToken:
    """The token that let this request in."""
    token = request.auth  # type: ignore[attr-defined]
    assert isinstance(token, ApiToken)
    return token
