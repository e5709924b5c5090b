"""`manage.py signin EMAIL`: print a sign-in link for a new or existing user."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.urls import reverse
from django.utils.translation import gettext_noop

from studio.accounts import services, two_factor
from studio.config.settings import ENVIRON
from studio.teams.activity import record_by_operator
from studio.teams.models import User
from studio.teams.services import create_user


class Command(BaseCommand):
    help = "Print a link that signs the user with this e-mail address in once; creates a missing account."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--forget-two-factor",
            action="store_true",
            help="disable two-factor authentication, for a user who lost authenticator and recovery codes",
        )

    def handle(self, *args: Any, email: str, forget_two_factor: bool, **options: Any) -> None:
        user = User.objects.filter(email=email.lower()).first() or self._new(email)
        if forget_two_factor:
            two_factor.forget_two_factor(user=user)
        record_by_operator(user=user, verb=gettext_noop("made a sign-in link for"))
        path = reverse("accounts:welcome", args=[services.make_sign_in_link(user=user)])
        site = ENVIRON.public_url or f"http://{ENVIRON.host}:{ENVIRON.port}"
        self.stdout.write(f"{site}{path}")

    def _new(self, email: str) -> User:
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(
                f"Got {email}; use an e-mail address such as ada@example.org."
            ) from None
        return create_user(email=email)
