"""Who somebody is who comes from the OpenID Connect provider; allauth has asked it, and is used for no more.

An account is found by the provider's own id for the person. The first time it is found by the address, if the provider
calls that verified and the account's owner once proved it, too: else whoever made an account for another's address
would share it.
"""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone

from studio.teams.invitations import find_invitation
from studio.teams.models import Invitation, User
from studio.teams.oidc_provider import FAILED
from studio.teams.services import create_user
from studio.teams.views import JOINING

UNVERIFIED = "{name} does not say that your e-mail address is verified; sign in with your password."
UNPROVED = "There is an account for {email} already, made with a password: sign in with that."
CLOSED = "There is no account for {email} here; ask somebody in the studio for an invitation."


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            if not sociallogin.user.is_active:
                self._refuse(request, "This account is closed.")
            return
        verified = [one.email.lower() for one in sociallogin.email_addresses if one.verified]
        if not verified:
            self._refuse(request, UNVERIFIED.format(name=settings.OIDC_NAME))
        sociallogin.connect(request, self._account(request, verified[0]))

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self._refuse(request, FAILED.format(name=settings.OIDC_NAME))

    def _account(self, request: HttpRequest, email: str) -> User:
        user = User.objects.filter(email=email).first()
        if user is None:
            if not _may_sign_up(request, email):
                self._refuse(request, CLOSED.format(email=email))
            user = create_user(email=email)
            User.objects.filter(pk=user.pk).update(confirmed=True)
        elif not user.confirmed or not user.is_active:
            self._refuse(request, UNPROVED.format(email=email))
        return user

    def _refuse(self, request: HttpRequest, words: str) -> None:
        page = render(request, "teams/refused.html", {"error": words}, status=403)
        raise ImmediateHttpResponse(page)


def _may_sign_up(request: HttpRequest, email: str) -> bool:
    if settings.SIGN_UP == "invite":
        invited = Invitation.objects.filter(email=email, expires_at__gt=timezone.now()).exists()
        return invited or find_invitation(request.session.get(JOINING, "")) is not None
    return bool(settings.SIGN_UP == "open")
