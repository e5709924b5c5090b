"""The door: sign in, sign out, come in by a link, say how to sign in next time."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from studio.teams import services
from studio.teams.access import person
from studio.teams.forms import AccountForm

BACKEND = "django.contrib.auth.backends.ModelBackend"


class SignInForm(AuthenticationForm):
    error_messages = {  # noqa: RUF012
        "invalid_login": "No account has this e-mail address and password.",
        "inactive": "This account is closed.",
    }


class SignIn(LoginView):
    template_name = "teams/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """A link is used by a click on the page it leads to: what only looks at links (previews, scanners) uses none up."""
    if request.method == "GET":
        return render(request, "teams/welcome.html")
    user = services.use_link(token=token)
    if user is None:
        return render(request, "teams/welcome.html", {"refused": True}, status=410)
    login(request, user, BACKEND)
    return redirect("generation:start" if user.has_usable_password() else "teams:account")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("teams:sign-in")


@never_cache
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = AccountForm(user, request.POST or None)
    if not form.is_valid():
        return render(request, "teams/account.html", {"form": form, "fresh": not user.has_usable_password()})
    services.change_account(user=user, **form.cleaned_data)
    update_session_auth_hash(request, user)
    messages.success(request, "Saved. From now on you sign in with these.")
    return redirect("generation:start")
