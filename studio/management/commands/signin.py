"""`manage.py signin EMAIL`: a link that lets somebody in once: a first user, a colleague, a forgotten password."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.urls import reverse

from studio.config.settings import ENVIRON
from studio.teams import services
from studio.teams.models import User


class Command(BaseCommand):
    help = "Print a link that lets the user with this e-mail address in once; makes the account if there is none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.filter(email=email.lower()).first() or self._new(email)
        path = reverse("teams:welcome", args=[services.sign_in_link(user=user)])
        self.stdout.write(f"http://{ENVIRON.host}:{ENVIRON.port}{path}")

    def _new(self, email: str) -> User:
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"Got {email}, which is no e-mail address; use one such as ada@example.org.") from None
        return services.create_user(email=email)
