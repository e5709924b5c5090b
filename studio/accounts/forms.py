"""Forms for signing in and for accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from studio.accounts import throttle
from studio.accounts.sessions import is_fresh
from studio.teams.forms import ADDRESS
from studio.teams.models import User
from studio.teams.origin import origin_of
from studio.teams.services import OWNER

NEW_PASSWORD = {"required": gettext_lazy("Choose a password of 10 or more characters.")}


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
