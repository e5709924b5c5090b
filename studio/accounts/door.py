"""The last step of every sign-in (password, link, provider), with the second factor if needed.

Until the second factor is given, the session holds only a pending person, so nothing that requires
a signed-in person can be reached with one factor.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import login
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_noop

from studio.teams.access import has_two_factor
from studio.teams.activity import record_account
from studio.teams.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"
# Ways to prove who somebody is, as the activity log names them.
PASSWORD = gettext_noop("with a password")
LINK = gettext_noop("with a link")
SINGLE_SIGN_ON = gettext_noop("with single sign-on")
NEW_ACCOUNT = gettext_noop("with a new account")
SIGNED_IN = gettext_noop("signed in")
FAILED = gettext_noop("failed to sign in")
PENDING = "pending sign-in"  # session key of the person who passed the first factor
PENDING_LASTS = timedelta(minutes=10)
DEVICE_COOKIE = "likeness_device"
DEVICE_SALT = "studio.accounts.door.device"
DEVICE_LASTS = 365 * 86_400  # seconds


def let_in(request: HttpRequest, user: User, next_url: str, *, by: str) -> HttpResponse:
    """Sign `user` in and redirect, or ask for their second factor first.

    `by` says how they proved who they are: PASSWORD, LINK, SINGLE_SIGN_ON or NEW_ACCOUNT.
    """
    if not has_two_factor(user):
        return finish(request, user, next_url, by=by)
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "since": timezone.now().isoformat(),
        "next": next_url,
        "by": by,
    }
    return redirect("accounts:second-step")


def find_pending(request: HttpRequest) -> tuple[User, str, str] | None:
    """Return the pending person, where to redirect them afterwards, and the first factor.

    None without one, after PENDING_LASTS, or if their password changed.
    """
    pending = request.session.get(PENDING)
    if not pending or timezone.now() - datetime.fromisoformat(pending["since"]) > PENDING_LASTS:
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != pending["hash"]:
        return None
    return user, str(pending["next"]), str(pending.get("by", ""))


def finish(request: HttpRequest, user: User, next_url: str, *, by: str) -> HttpResponse:
    """Sign in a person who has passed all factors."""
    request.session.pop(PENDING, None)
    login(request, user, BACKEND)
    record_account(user=user, verb=SIGNED_IN, target=by)
    is_ours = url_has_allowed_host_and_scheme(next_url, {request.get_host()}, request.is_secure())
    answer = redirect(next_url if is_ours else "runs:start")
    remember_device(request, answer, user)
    return answer


def known_device(request: HttpRequest, email: str) -> str:
    """Return the device cookie if this browser has signed in to the account before, else ""."""
    cookie = request.COOKIES.get(DEVICE_COOKIE, "")
    try:
        value = signing.loads(cookie, salt=DEVICE_SALT, max_age=DEVICE_LASTS)
    except signing.BadSignature:
        return ""
    is_theirs = User.objects.filter(pk=value["user"], email=email.lower()).exists()
    return cookie if is_theirs else ""


def remember_device(request: HttpRequest, answer: HttpResponse, user: User) -> None:
    """Set a cookie that proves later that this browser signed in to the account."""
    answer.set_cookie(
        DEVICE_COOKIE,
        signing.dumps({"user": user.pk}, salt=DEVICE_SALT),
        max_age=DEVICE_LASTS,
        path=settings.SESSION_COOKIE_PATH,
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )
