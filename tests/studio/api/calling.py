"""A program that calls the API with a token of Ada's team."""

from __future__ import annotations

from django.test import Client

from studio.teams.models import Role
from studio.teams.tokens import create_token
from tests.people import adas_team, cast


def secret_of(name: str = "ada", role: Role = Role.EDITOR) -> str:
    return create_token(team=adas_team(), user=cast(name), name="a program", role=role)[1]


def program(name: str = "ada", role: Role = Role.EDITOR) -> Client:
    client = Client()
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret_of(name, role)}"
    return client
