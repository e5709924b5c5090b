"""Finds or creates the account of a person who signs in with the OpenID Connect provider.

Accounts are found by the provider's id of the person. The first time, the address is used if the
provider calls it verified and the account's owner once confirmed it; otherwise a person who
registered another's address would share that account. allauth only runs the protocol.
"""

from __future__ import annotations

from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from studio.accounts.door import FAILED as FAILED_SIGN_IN
from studio.accounts.door import SIGNED_IN, SINGLE_SIGN_ON, let_in
from studio.accounts.oidc_provider import FAILED
from studio.accounts.sign_in_views import JOINING
from studio.teams.access import has_two_factor
from studio.teams.activity import UNKNOWN_ACCOUNT, record_account
from studio.teams.errors import TeamError
from studio.teams.invitations import find_invitation, join_as_new_user
from studio.teams.models import Invitation, User
from studio.teams.services import create_user

UNVERIFIED = gettext_lazy(
    "{name} does not say that your e-mail address is verified; sign in with your password."
)
UNPROVED = gettext_lazy("{email} already has an account with a password: sign in with that.")
CLOSED = gettext_lazy(
    "There is no account for {email}; ask a member of this studio for an invitation."
)


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            if not sociallogin.user.is_active:
                record_account(user=sociallogin.user, verb=FAILED_SIGN_IN, target=SINGLE_SIGN_ON)
                self._refuse(request, gettext("This account is closed."))
            self._ask_second_step(request, sociallogin)
            record_account(user=sociallogin.user, verb=SIGNED_IN, target=SINGLE_SIGN_ON)
            return
        addresses = sociallogin.email_addresses
        verified = [address.email.lower() for address in addresses if address.verified]
        if not verified:
            self._refuse(request, UNVERIFIED.format(name=settings.OIDC_NAME))
        sociallogin.connect(request, self._account(request, sociallogin, verified[0]))
        record_account(user=sociallogin.user, verb=gettext_noop("connected single sign-on"))
        self._ask_second_step(request, sociallogin)
        record_account(user=sociallogin.user, verb=SIGNED_IN, target=SINGLE_SIGN_ON)

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self._refuse(request, FAILED.format(name=settings.OIDC_NAME))

    def _ask_second_step(self, request: HttpRequest, sociallogin: Any) -> None:
        """Interrupt allauth's sign-in for people with a second factor; `door` continues it."""
        if has_two_factor(sociallogin.user):
            next_url = str(sociallogin.state.get("next") or "")
            answer = let_in(request, sociallogin.user, next_url, by=SINGLE_SIGN_ON)
            raise ImmediateHttpResponse(answer)

    def _account(self, request: HttpRequest, sociallogin: Any, email: str) -> User:
        """Return the account of this verified address, or create it if allowed."""
        user = User.objects.filter(email=email).first()
        if user is None:
            user = self._new_account(request, sociallogin, email)
            User.objects.filter(pk=user.pk).update(confirmed=True)
        elif not user.confirmed or not user.is_active:
            record_account(user=user, verb=FAILED_SIGN_IN, target=SINGLE_SIGN_ON)
            self._refuse(request, UNPROVED.format(email=email))
        return user

    def _new_account(self, request: HttpRequest, sociallogin: Any, email: str) -> User:
        if settings.SIGN_UP == "open" or (settings.SIGN_UP == "invite" and _is_invited(email)):
            return create_user(email=email)
        invitation = find_invitation(request.session.get(JOINING, ""))
        if settings.SIGN_UP == "off" or invitation is None:
            record_account(user=None, verb=FAILED_SIGN_IN, target=UNKNOWN_ACCOUNT)
            self._refuse(request, CLOSED.format(email=email))
        try:
            user = join_as_new_user(invitation=invitation, email=email)
        except TeamError as error:
            self._refuse(request, str(error))
        if invitation.email:  # the invitation was used up, so its page cannot be shown
            sociallogin.state.pop("next", None)
        return user

    def _refuse(self, request: HttpRequest, words: str) -> NoReturn:
        page = render(request, "teams/refused.html", {"error": words}, status=403)
        raise ImmediateHttpResponse(page)


def _is_invited(email: str) -> bool:
    """Return True if a mailed invitation waits for this address."""
    return Invitation.objects.filter(email=email, expires_at__gt=timezone.now()).exists()
