"""Views for signing in, up and out, by password, link or invitation."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts import door, services, throttle
from studio.accounts.forms import NewPasswordForm, SignUpAddressForm, SignUpForm
from studio.accounts.sessions import end_other_sessions, end_session
from studio.accounts.sign_up import finish_sign_up, read_sign_up, start_sign_up
from studio.teams import access
from studio.teams.activity import UNKNOWN_ACCOUNT, record_account
from studio.teams.errors import TeamError
from studio.teams.invitations import (
    InvitationOver,
    accept_invitation,
    find_invitation,
    join_as_new_user,
)
from studio.teams.mailing import is_mail_printed
from studio.teams.models import User
from studio.teams.origin import origin_of
from studio.teams.site_address import mailed_link

JOINING = "joining"  # session key of the token of the visitor's invitation


class SignInForm(AuthenticationForm):
    error_messages = {  # noqa: RUF012
        "invalid_login": gettext_lazy("No account has this e-mail address and password."),
        "inactive": gettext_lazy("This account is closed."),
        "too_many": gettext_lazy("Too many tries; wait 15 minutes, or use a sign-in link."),
        "too_fast": gettext_lazy(
            "Too many tries of this account; wait %(wait)s seconds and try again, or use a "
            "sign-in link."
        ),
    }

    def clean(self) -> dict[str, Any]:
        """Try the password only if the throttle allows it, so guessing gets no answers."""
        assert self.request is not None
        name = self.cleaned_data.get("username", "")
        account = {
            "place": _place(self.request),
            "name": name,
            "device": door.known_device(self.request, name),
        }
        if wait := throttle.take_turn(**account):
            code = "too_many" if wait > throttle.LONGEST_PAUSE else "too_fast"
            raise ValidationError(self.error_messages[code], code=code, params={"wait": wait})
        try:
            cleaned = super().clean()
        except ValidationError:
            record_failed_sign_in(name, by=door.PASSWORD)
            raise
        throttle.forget(**account)
        return cleaned


@method_decorator(require_http_methods(["GET", "HEAD", "POST"]), name="dispatch")
class SignIn(LoginView):
    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        return door.let_in(self.request, form.get_user(), self.get_success_url(), by=door.PASSWORD)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "sign_up": settings.SIGN_UP,
            "oidc": settings.OIDC_URL and settings.OIDC_NAME,
        }


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Use a sign-in link on POST only: previews and scanners that GET it do not use it up."""
    if request.method == "GET":
        return render(request, "accounts/welcome.html")
    user = services.use_sign_in_link(token=token)
    if user is None:
        return render(request, "accounts/welcome.html", {"refused": True}, status=410)
    page = reverse("runs:start" if user.has_usable_password() else "accounts:account")
    return door.let_in(request, user, page, by=door.LINK)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    _refuse_unless_open()
    form = SignUpAddressForm(request.POST or None, place=_place(request))
    if form.is_valid():
        email = form.cleaned_data["email"]
        try:
            start_sign_up(email=email, address_of=partial(mailed_link, request))
        except TeamError as error:
            form.add_error("email", str(error))
        else:
            context = {"sent_to": email, "is_mail_printed": is_mail_printed()}
            return render(request, "accounts/sign_up.html", context)
    return render(
        request, "accounts/sign_up.html", {"form": form}, status=422 if form.errors else 200
    )


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def finish_sign_up_page(request: HttpRequest, token: str) -> HttpResponse:
    """Let the person choose a password who opened the mailed link."""
    _refuse_unless_open()
    email = read_sign_up(token)
    if email is None:
        return render(request, "accounts/finish_sign_up.html", {"refused": True}, status=410)
    form = NewPasswordForm(request.POST or None, email=email)
    if not form.is_valid():
        context = {"form": form, "email": email}
        status = 422 if form.errors else 200
        return render(request, "accounts/finish_sign_up.html", context, status=status)
    user = finish_sign_up(token=token, password=form.cleaned_data["password"])
    if user is None:
        return render(request, "accounts/finish_sign_up.html", {"refused": True}, status=410)
    return door.let_in(request, user, reverse("runs:start"), by=door.NEW_ACCOUNT)


def _refuse_unless_open() -> None:
    if settings.SIGN_UP != "open":
        raise Http404(
            gettext("Sign-up is disabled here; ask a member of this studio for an invitation.")
        )


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation: signed-in people join with one click, others create an account."""
    invitation = find_invitation(token)
    if invitation is None:
        return render(request, "accounts/join.html", {"refused": True}, status=410)
    is_signed_in = request.user.is_authenticated
    if not is_signed_in:
        # people who sign in with a provider return to the invitation
        request.session[JOINING] = token
    form = SignUpForm(
        request.POST or None, place=_place(request), initial={"email": invitation.email}
    )
    may_sign_up = settings.SIGN_UP != "off"
    context = {"invitation": invitation, "form": form, "may_sign_up": may_sign_up}
    if request.method != "POST":
        return render(request, "accounts/join.html", context)
    if not is_signed_in and not (may_sign_up and form.is_valid()):
        return render(request, "accounts/join.html", context, status=422)
    try:
        if is_signed_in:
            accept_invitation(invitation=invitation, user=access.get_person(request))
        else:
            user = join_as_new_user(invitation=invitation, **form.cleaned_data)
            door.finish(request, user, "", by=door.NEW_ACCOUNT)
    except InvitationOver:
        return render(request, "accounts/join.html", {"refused": True}, status=410)
    except TeamError as error:  # the address got an account in the meantime
        form.add_error("email", str(error))
        return render(request, "accounts/join.html", context, status=422)
    access.choose_team(request, invitation.team)
    messages.success(
        request, gettext("You are in the team {name}.").format(name=invitation.team.name)
    )
    return redirect("runs:start")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    record_account(user=access.get_person(request), verb=gettext_noop("signed out"))
    logout(request)
    return redirect("accounts:sign-in")


@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """Sign out one browser of the visitor, or all others if none is named."""
    user = access.get_person(request)
    handle = request.POST.get("session", "")
    if handle:
        end_session(user=user, handle=handle)
    else:
        end_other_sessions(user=user, kept=request.session.session_key)
    record_account(user=user, verb=gettext_noop("signed out another browser"))
    return redirect("accounts:account")


def record_failed_sign_in(email: str, *, by: str) -> None:
    """Record a refused try; the text is stored only if an account has this address."""
    user = User.objects.filter(email=email.lower()).first()
    record_account(user=user, verb=door.FAILED, target=by if user else UNKNOWN_ACCOUNT)


def _place(request: HttpRequest) -> str:
    """Return the network address of the request, for `throttle`."""
    return origin_of(request).address
