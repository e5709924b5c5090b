"""What people type about themselves."""

from __future__ import annotations

from django import forms
from django.contrib.auth.password_validation import validate_password

from studio.teams.models import User


class AccountForm(forms.Form):
    email = forms.EmailField(
        max_length=254, error_messages={"invalid": "Give an e-mail address, such as ada@example.org."}
    )
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
