"""What people type about themselves and their teams."""

from __future__ import annotations

from django import forms
from django.contrib.auth.password_validation import validate_password

from studio.teams import throttle
from studio.teams.invitations import DAYS
from studio.teams.models import Role, User

ADDRESS = {"invalid": "Give an e-mail address, such as ada@example.org.", "required": "Give your e-mail address."}
MEMBER_ROLES = [(role.value, role.value) for role in (Role.EDITOR, Role.VIEWER)]


def _price(name: str) -> forms.FloatField:
    words = dict.fromkeys(("invalid", "min_value", "max_value"), f"{name}: give a number from 0 to 100000, or nothing.")
    return forms.FloatField(required=False, min_value=0, max_value=100_000, error_messages=words)


def _whole(name: str) -> forms.IntegerField:
    words = dict.fromkeys(("invalid", "min_value", "max_value"), f"{name}: use a whole number up to 10^12, or none.")
    return forms.IntegerField(required=False, min_value=0, max_value=10**12, error_messages=words)


class AccountForm(forms.Form):
    email = forms.EmailField(max_length=254, error_messages=ADDRESS)
    password = forms.CharField(required=False, max_length=200, strip=False)

    def __init__(self, user: User, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.user = user

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exclude(pk=self.user.pk).exists():
            raise forms.ValidationError(f"Somebody else signs in as {email}; choose another address.")
        return email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password, self.user)
        elif not self.user.has_usable_password():
            raise forms.ValidationError("Choose a password of 10 or more characters.")
        return password


class SignUpForm(forms.Form):
    email = forms.EmailField(max_length=254, error_messages=ADDRESS)
    password = forms.CharField(
        max_length=200, strip=False, error_messages={"required": "Choose a password of 10 or more characters."}
    )

    def __init__(self, *args: object, place: str, **kwargs: object) -> None:
        """`place`: the address it is sent from."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.place = place

    def clean_email(self) -> str:
        """Whether there is an account is not told to who asks for many."""
        email: str = self.cleaned_data["email"].lower()
        if not throttle.one_more_sign_up(place=self.place):
            raise forms.ValidationError("Too many tries from your address; wait a quarter of an hour.")
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(f"There is an account for {email} already: sign in with it.")
        return email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.cleaned_data.get("email", "")))
        return password


class TeamForm(forms.Form):
    name = forms.CharField(max_length=100, error_messages={"required": "Give the team a name."})


class InviteForm(forms.Form):
    email = forms.EmailField(max_length=254, required=False, error_messages=ADDRESS)
    role = forms.ChoiceField(choices=MEMBER_ROLES, error_messages={"invalid_choice": "Invite as editor or viewer."})
    days = forms.TypedChoiceField(
        coerce=int,
        choices=[(days, str(days)) for days in DAYS],
        error_messages={"invalid_choice": f"An invitation lasts {', '.join(map(str, DAYS))} days."},
    )


class RoleForm(forms.Form):
    role = forms.TypedChoiceField(
        coerce=Role,
        choices=Role.choices,
        error_messages={"invalid_choice": f"Use one of the roles {', '.join(Role.values)}."},
    )


class ConnectionForm(forms.Form):
    name = forms.CharField(max_length=100, error_messages={"required": "Give the connection a name."})
    url = forms.CharField(max_length=500, error_messages={"required": "Give the server's address, http(s)://host/v1."})
    model = forms.CharField(required=False, max_length=200)
    key = forms.CharField(required=False, max_length=1000)
    price_in = _price("Price of a million tokens read")
    price_out = _price("Price of a million tokens written")


class BudgetForm(forms.Form):
    tokens_a_day = _whole("Tokens a day")
    seconds_a_day = _whole("Seconds a day")


def first_error(form: forms.Form) -> str:
    """One sentence for a message: of a form without a page of its own."""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)
