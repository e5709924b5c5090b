"""Forms for accounts and teams."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy

from studio.teams import throttle
from studio.teams.invitations import DAYS
from studio.teams.models import Activity, Role, User
from studio.teams.origin import origin_of
from studio.teams.services import OWNER
from studio.teams.sessions import is_fresh

ADDRESS = {
    "invalid": gettext_lazy("Enter an e-mail address, such as ada@example.org."),
    "required": gettext_lazy("Enter your e-mail address."),
}
NEW_PASSWORD = {"required": gettext_lazy("Choose a password of 10 or more characters.")}
DAY = {"invalid": gettext_lazy("Use a day such as 2026-11-29.")}
MEMBER_ROLES = [(role.value, role.value) for role in (Role.EDITOR, Role.VIEWER)]


def _price(name: Promise) -> forms.FloatField:
    words = dict.fromkeys(
        ("invalid", "min_value", "max_value"),
        format_lazy(
            gettext_lazy("{name}: use a number from 0 to 100000, or leave it empty."), name=name
        ),
    )
    return forms.FloatField(required=False, min_value=0, max_value=100_000, error_messages=words)


def _positive(name: Promise, *, least: float, most: float) -> forms.FloatField:
    words = dict.fromkeys(
        ("invalid", "min_value", "max_value"),
        format_lazy(
            gettext_lazy("{name}: use a number from {least} to {most}."),
            name=name,
            least=least,
            most=most,
        ),
    )
    return forms.FloatField(required=False, min_value=least, max_value=most, error_messages=words)


def _whole(name: Promise) -> forms.IntegerField:
    words = dict.fromkeys(
        ("invalid", "min_value", "max_value"),
        format_lazy(
            gettext_lazy("{name}: use a whole number up to 10^12, or leave it empty."), name=name
        ),
    )
    return forms.IntegerField(required=False, min_value=0, max_value=10**12, error_messages=words)


class CurrentPassword(forms.Form):
    """A form that requires the current password.

    A person without a password must have signed in recently instead.
    """

    current = forms.CharField(required=False, max_length=200, strip=False)

    def __init__(self, user: User, request: HttpRequest, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.user = user
        self.request = request

    def check_current(self) -> None:
        """Add an error unless the current password is right or the sign-in is recent."""
        if not self.user.has_usable_password():
            if not is_fresh(self.request):
                self.add_error(
                    "current", gettext("Sign out and in again first, because you have no password.")
                )
            return
        account = {"place": origin_of(self.request).address, "name": self.user.email}
        if wait := throttle.take_turn(**account):
            self.add_error(
                "current",
                gettext("Too many tries; wait {wait} seconds and try again.").format(wait=wait),
            )
        elif not self.user.check_password(self.cleaned_data.get("current", "")):
            self.add_error("current", gettext("This is not your current password."))
        else:
            throttle.forget(**account)


class AccountForm(CurrentPassword):
    email = forms.EmailField(max_length=254, error_messages=ADDRESS)
    password = forms.CharField(required=False, max_length=200, strip=False)

    def clean_email(self) -> str:
        """Accept addresses with an account too, so the answer reveals nothing; see `email_change`."""
        email: str = self.cleaned_data["email"].lower()
        is_placeholder = self.user.email == OWNER  # a placeholder address receives no mail
        if is_placeholder and User.objects.filter(email=email).exclude(pk=self.user.pk).exists():
            raise forms.ValidationError(gettext("This address cannot be used; choose another one."))
        return email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password, self.user)
        elif not self.user.has_usable_password():
            raise forms.ValidationError(gettext("Choose a password of 10 or more characters."))
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") or cleaned.get("email") != self.user.email:
            self.check_current()
        return cleaned


class CodeForm(forms.Form):
    code = forms.CharField(
        max_length=40,
        error_messages={"required": gettext_lazy("Enter the code that your app shows.")},
    )


class IdentityForm(CurrentPassword, CodeForm):
    """A form with a code and the current password."""

    def clean(self) -> dict[str, Any]:
        self.check_current()
        return super().clean() or {}


class ActivityFilter(forms.Form):
    """What lines of the activity log are shown; empty fields filter nothing."""

    who = forms.CharField(required=False, max_length=254)
    what = forms.CharField(required=False, max_length=60)
    since = forms.DateField(required=False, error_messages=DAY)
    until = forms.DateField(required=False, error_messages=DAY)

    def filter(self, lines: QuerySet[Activity]) -> QuerySet[Activity]:
        """Return the lines that match; an invalid form matches nothing. Days are in UTC."""
        if not self.is_valid():
            return lines.none()
        wanted = self.cleaned_data
        if wanted["who"]:
            lines = lines.filter(actor__icontains=wanted["who"])
        if wanted["what"]:
            lines = lines.filter(verb=wanted["what"])
        if wanted["since"]:
            lines = lines.filter(created_at__gte=_start_of_day(wanted["since"]))
        if wanted["until"]:
            lines = lines.filter(created_at__lte=_end_of_day(wanted["until"]))
        return lines


def _start_of_day(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


def _end_of_day(day: date) -> datetime:
    return datetime.combine(day, time.max, tzinfo=UTC)  # also of the last day that there is


class SignUpAddressForm(forms.Form):
    """Where sign-up is open: the answer is the same for addresses with an account.

    Tries are limited per network.
    """

    email = forms.EmailField(max_length=254, error_messages=ADDRESS)

    def __init__(self, *args: object, place: str, **kwargs: object) -> None:
        """`place` is the address of the network the form is sent from."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.place = place

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if not throttle.count_sign_up(place=self.place):
            raise forms.ValidationError(
                gettext("Too many tries from your network; wait 15 minutes.")
            )
        return email


class NewPasswordForm(forms.Form):
    """The password of a new account whose address is known."""

    password = forms.CharField(max_length=200, strip=False, error_messages=NEW_PASSWORD)

    def __init__(self, *args: object, email: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.email = email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.email))
        return password


class SignUpForm(SignUpAddressForm):
    """An account made with an invitation."""

    password = forms.CharField(max_length=200, strip=False, error_messages=NEW_PASSWORD)

    def clean_email(self) -> str:
        """Reject addresses with an account; tries are limited because the answer reveals them."""
        email = super().clean_email()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(
                gettext("{email} already has an account: sign in with it.").format(email=email)
            )
        return email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.cleaned_data.get("email", "")))
        return password


class TeamForm(forms.Form):
    name = forms.CharField(
        max_length=100, error_messages={"required": gettext_lazy("Enter a name for the team.")}
    )


class InviteForm(forms.Form):
    email = forms.EmailField(max_length=254, required=False, error_messages=ADDRESS)
    role = forms.ChoiceField(
        choices=MEMBER_ROLES,
        error_messages={"invalid_choice": gettext_lazy("Invite as editor or viewer.")},
    )
    days = forms.TypedChoiceField(
        coerce=int,
        choices=[(days, str(days)) for days in DAYS],
        error_messages={
            "invalid_choice": format_lazy(
                gettext_lazy("Days: use one of {days}."), days=", ".join(map(str, DAYS))
            )
        },
    )


class RoleForm(forms.Form):
    role = forms.TypedChoiceField(
        coerce=Role,
        choices=Role.choices,
        error_messages={
            "invalid_choice": format_lazy(
                gettext_lazy("Use one of the roles {roles}."), roles=", ".join(Role.values)
            )
        },
    )


class ConnectionForm(forms.Form):
    name = forms.CharField(
        max_length=100,
        error_messages={"required": gettext_lazy("Enter a name for the connection.")},
    )
    url = forms.CharField(
        max_length=500,
        error_messages={"required": gettext_lazy("Enter the server's address, http(s)://host/v1.")},
    )
    model = forms.CharField(required=False, max_length=200)
    key = forms.CharField(required=False, max_length=1000)
    price_in = _price(gettext_lazy("Price per million input tokens"))
    price_out = _price(gettext_lazy("Price per million output tokens"))


class BudgetForm(forms.Form):
    tokens_a_day = _whole(gettext_lazy("Tokens per day"))
    seconds_a_day = _whole(gettext_lazy("Seconds per day"))


class CostForm(forms.Form):
    """Numbers of the cost page; empty ones are measured or usual. Prices in US dollars."""

    tokens = _positive(gettext_lazy("Million tokens a month"), least=0, most=10**9)
    api_price = _positive(gettext_lazy("API: $ per million tokens"), least=0.001, most=100_000)
    node_price = _positive(gettext_lazy("Node: $ per month"), least=0.001, most=10**9)


def get_first_error(form: forms.Form) -> str:
    """Return the form's errors as one message, for forms without a page of their own."""
    return " ".join(map(str, itertools.chain.from_iterable(form.errors.values())))
