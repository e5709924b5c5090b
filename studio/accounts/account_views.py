"""Views of a person's account: sign-in data, sessions and two-factor authentication."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts import door, email_change, services, throttle, two_factor
from studio.accounts.forms import AccountForm, CodeForm, IdentityForm
from studio.accounts.sessions import end_other_sessions
from studio.config import vault
from studio.teams import access
from studio.teams.activity import record_account
from studio.teams.errors import TeamError
from studio.teams.forms import get_first_error
from studio.teams.mailing import is_mail_printed, notify
from studio.teams.models import User
from studio.teams.services import OWNER
from studio.teams.site_address import mailed_link

SETUP = "two-factor setup"  # session key of the sealed secret during setup
NOT_YOU = gettext_lazy("If this was not you, inform the studio's administrator at once.")
SENT = gettext_lazy(
    "A link was sent to {new}; open it in this browser to sign in with that address."
)
PRINTED = gettext_lazy(
    "This studio has no mail server (EMAIL_URL). Its operator finds the link for {new} in the studio's log; "
    "open it in this browser to sign in with that address."
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    user = access.get_person(request)
    form = AccountForm(user, request, request.POST or None)
    if not form.is_valid():
        return _account_page(request, user, form)
    new = form.cleaned_data["email"]
    password = form.cleaned_data["password"]
    is_placeholder = user.email == OWNER
    is_new = new != user.email
    if password:  # a new password invalidates older links, so do this before sending one
        email_change.drop_email_change(user=user)
    if is_new and not is_placeholder:
        try:
            email_change.start_email_change(
                user=user, email=new, address_of=lambda path: mailed_link(request, path)
            )
        except TeamError as error:
            form.add_error("email", str(error))
            return _account_page(request, user, form)
    _save(request, user, new if is_placeholder else user.email, password)
    said = gettext("Saved. Use these to sign in from now on.")
    if is_new and not is_placeholder:
        said = (PRINTED if is_mail_printed() else SENT).format(new=new)
    messages.success(request, said)
    return redirect("runs:start")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """Show the page of a mailed link, or confirm the new address on POST."""
    user = access.get_person(request)
    change = email_change.find_email_change(user=user, token=token)
    if request.method != "POST" and change is not None:
        return render(request, "accounts/confirm_email.html", {"change": change})
    if change is None or not email_change.confirm_email_change(user=user, token=token):
        return render(request, "accounts/confirm_email.html", {"refused": True}, status=410)
    messages.success(
        request, gettext("From now on you sign in as {email}.").format(email=change.email)
    )
    return redirect("accounts:account")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask for the code of someone who has passed the first factor."""
    pending = door.find_pending(request)
    if pending is None:
        return redirect("accounts:sign-in")
    user, next_url, first_factor = pending
    form = CodeForm(request.POST or None)
    if form.is_valid() and _is_right(user, form):
        return door.finish(request, user, next_url, by=first_factor)
    status = 422 if form.errors else 200
    return render(request, "accounts/second_step.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_two_factor(request: HttpRequest) -> HttpResponse:
    """Show the QR code for the app; its first code enables two-factor authentication."""
    user = access.get_person(request)
    if access.has_two_factor(user):
        return redirect("accounts:account")
    form = IdentityForm(user, request, request.POST or None)
    if form.is_valid():
        try:
            codes = two_factor.turn_on(
                user=user, secret=_setup_secret(request), code=form.cleaned_data["code"]
            )
        except TeamError as error:
            form.add_error("code", str(error))
        else:
            del request.session[SETUP]
            end_other_sessions(user=user, kept=request.session.session_key)
            _tell(user, gettext("Two-factor authentication is on for your account."))
            return render(request, "accounts/recovery_codes.html", {"codes": codes})
    secret = _setup_secret(request)
    address = two_factor.setup_address(user=user, secret=secret)
    context = {
        "form": form,
        "secret": secret,
        "has_password": user.has_usable_password(),
        # generated from our own address; contains no user input
        "qr": mark_safe(two_factor.qr_svg(address)),  # noqa: S308
    }
    return render(request, "accounts/two_factor.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def new_recovery_codes(request: HttpRequest) -> HttpResponse:
    user = access.get_person(request)
    form = IdentityForm(user, request, request.POST)
    if not _may_change(user, form):
        messages.error(request, get_first_error(form))
        return redirect("accounts:account")
    codes = two_factor.make_recovery_codes(user=user)
    _tell(
        user, gettext("New recovery codes were created for your account; the old ones are invalid.")
    )
    return render(request, "accounts/recovery_codes.html", {"codes": codes})


@require_POST
def turn_off_two_factor(request: HttpRequest) -> HttpResponse:
    user = access.get_person(request)
    form = IdentityForm(user, request, request.POST)
    if not _may_change(user, form):
        messages.error(request, get_first_error(form))
        return redirect("accounts:account")
    try:
        two_factor.turn_off(user=user)
    except TeamError as error:
        messages.error(request, str(error))
    else:
        _tell(user, gettext("Two-factor authentication is off for your account."))
        messages.success(request, gettext("Two-factor authentication is off."))
    return redirect("accounts:account")


def _save(request: HttpRequest, user: User, email: str, password: str) -> None:
    services.change_account(user=user, email=email, password=password)
    update_session_auth_hash(request, user)
    if password:
        _tell(user, gettext("Your account has a new password."))
        end_other_sessions(user=user, kept=request.session.session_key)


def _account_page(request: HttpRequest, user: User, form: AccountForm) -> HttpResponse:
    context = {
        "form": form,
        "fresh": not user.has_usable_password(),
        "sessions": user.sessions.filter(expire_date__gt=timezone.now()),
        "two_factor": access.has_two_factor(user),
        "codes_left": user.recovery_codes.count(),
        "needed_by": two_factor.teams_that_need_it(user),
    }
    return render(request, "accounts/account.html", context)


def _may_change(user: User, form: IdentityForm) -> bool:
    """Return True if password and code are right; otherwise the form has the error."""
    return access.has_two_factor(user) and form.is_valid() and _is_right(user, form)


def _is_right(user: User, form: Any) -> bool:
    """Return True if the form's code is right; after a few tries there is a pause between them."""
    wait = throttle.take_code_turn(name=str(user.pk))
    if wait:
        form.add_error(
            "code",
            gettext("Too many codes were tried; wait {wait} seconds and try again.").format(
                wait=wait
            ),
        )
        return False
    if not two_factor.check_code(user=user, code=form.cleaned_data["code"]):
        record_account(user=user, verb=gettext_noop("entered a wrong two-factor code"))
        form.add_error(
            "code",
            gettext("This is neither the current code of your app nor a valid recovery code."),
        )
        return False
    throttle.forget_codes(name=str(user.pk))
    return True


def _setup_secret(request: HttpRequest) -> str:
    """Return the secret being set up; it is kept sealed in the session."""
    if SETUP not in request.session:
        request.session[SETUP] = vault.seal(two_factor.make_secret())
    return vault.unseal(request.session[SETUP])


def _tell(user: User, words: str) -> None:
    notify(
        to=user.email,
        subject=gettext("Your account on Likeness"),
        text=f"{words}\n\n{NOT_YOU}",
    )
