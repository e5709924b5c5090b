"""Who somebody is who comes from the OpenID Connect provider; allauth has asked it, and is used for
no more.

An account is found by the provider's own id for the person. The first time it is found by the
address, if the provider calls that verified and the account's owner once proved it, too: else
whoever made an account for another's address would share it.
"""

from __future__ import annotations

from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone

from studio.teams.door import let_in
from studio.teams.errors import TeamError
from studio.teams.invitations import find_invitation, join_as_new_user
from studio.teams.models import Invitation, User
from studio.teams.oidc_provider import FAILED
from studio.teams.services import create_user
from studio.teams.two_factor import has_two_factor
from studio.teams.views import JOINING

UNVERIFIED = "{name} does not say that your e-mail address is verified; sign in with your password."
UNPROVED = "There is an account for {email} already, made with a password: sign in with that."
CLOSED = "There is no account for {email} here; ask somebody in the studio for an invitation."


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            if not sociallogin.user.is_active:
                self._refuse(request, "This account is closed.")
            self._ask_second_step(request, sociallogin)
            return
        verified = [one.email.lower() for one in sociallogin.email_addresses if one.verified]
        if not verified:
            self._refuse(request, UNVERIFIED.format(name=settings.OIDC_NAME))
        sociallogin.connect(request, self._account(request, sociallogin, verified[0]))
        self._ask_second_step(request, sociallogin)

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self._refuse(request, FAILED.format(name=settings.OIDC_NAME))

    def _ask_second_step(self, request: HttpRequest, sociallogin: Any) -> None:
        """Stop allauth's sign-in for who has a second factor here; `door` goes on with it."""
        if has_two_factor(sociallogin.user):
            next_url = str(sociallogin.state.get("next") or "")
            raise ImmediateHttpResponse(let_in(request, sociallogin.user, next_url))

    def _account(self, request: HttpRequest, sociallogin: Any, email: str) -> User:
        """Return the account of this verified address, made now where that is allowed."""
        user = User.objects.filter(email=email).first()
        if user is None:
            user = self._new_account(request, sociallogin, email)
            User.objects.filter(pk=user.pk).update(confirmed=True)
        elif not user.confirmed or not user.is_active:
            self._refuse(request, UNPROVED.format(email=email))
        return user

    def _new_account(self, request: HttpRequest, sociallogin: Any, email: str) -> User:
        if settings.SIGN_UP == "open" or (settings.SIGN_UP == "invite" and _is_invited(email)):
            return create_user(email=email)
        held = find_invitation(request.session.get(JOINING, ""))
        if settings.SIGN_UP == "off" or held is None:
            self._refuse(request, CLOSED.format(email=email))
        try:
            user = join_as_new_user(invitation=held, email=email)
        except TeamError as error:
            self._refuse(request, str(error))
        if held.email:  # used up by this: its page has nothing to say any more
            sociallogin.state.pop("next", None)
        return user

    def _refuse(self, request: HttpRequest, words: str) -> NoReturn:
        page = render(request, "teams/refused.html", {"error": words}, status=403)
        raise ImmediateHttpResponse(page)


def _is_invited(email: str) -> bool:
    """Return whether a mailed invitation waits for this address; one address has one account."""
    return Invitation.objects.filter(email=email, expires_at__gt=timezone.now()).exists()
