"""The addresses of single sign-on: allauth's two, and an answer of ours where it would show a page that we lack."""

from __future__ import annotations

import logging

from allauth.socialaccount.providers.openid_connect import views
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from requests import RequestException

logger = logging.getLogger(__name__)

AWAY = "{name} cannot be reached just now; try again, or sign in with your password."


@login_not_required
def start(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the provider, by the button of the sign-in page; whoever only follows the address comes to that page."""
    if request.method != "POST":
        return redirect("teams:sign-in")
    return _asked(request, views.login, provider_id)


@login_not_required
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _asked(request, views.callback, provider_id)


def _asked(request: HttpRequest, view: object, provider_id: str) -> HttpResponse:
    assert callable(view)
    try:
        found: HttpResponse = view(request, provider_id)
    except (RequestException, KeyError, ValueError) as error:  # away, or what it says of itself is not usable
        logger.warning("single sign-on: the provider's answer cannot be used (%s)", type(error).__name__)
        words = AWAY.format(name=settings.OIDC_NAME)
        return render(request, "teams/refused.html", {"error": words}, status=502)
    return found


urlpatterns = [
    path("oidc/<str:provider_id>/login/", start, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", come_back, name="openid_connect_callback"),
]
