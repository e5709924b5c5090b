"""Forms for teams."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from studio.teams.invitations import DAYS
from studio.teams.models import Activity, Role

ADDRESS = {
    "invalid": gettext_lazy("Enter an e-mail address, such as ada@example.org."),
    "required": gettext_lazy("Enter your e-mail address."),
}
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
