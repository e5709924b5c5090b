"""API views of the models that a team may use."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Field, Router, Schema

from studio.api.auth import get_caller
from studio.api.responses import answers
from studio.runs.model_choices import ModelChoice, find_connection, list_model_choices
from studio.teams.models import Connection, Team

router = Router(tags=["models"])


class UnknownModel(Exception):
    """Raised for a model that the team does not have; the message is one sentence."""


class ModelOut(Schema):
    id: str = Field(description="What a run's `model` names.")
    name: str
    local: bool = Field(description="It runs on the studio's machine.")
    writes: bool = Field(
        description="It writes pages; others label what a mockup shows, or nothing."
    )
    price_in: float | None = Field(description="Of a million input tokens; null if unknown.")
    price_out: float | None = Field(description="Of a million output tokens; null if unknown.")

    @classmethod
    def of(cls, choice: ModelChoice) -> ModelOut:
        return cls(
            id=choice.key,
            name=choice.label,
            local=choice.local,
            writes=choice.writes,
            price_in=choice.price_in,
            price_out=choice.price_out,
        )


@router.get("/models", response=answers({200: list[ModelOut]}))
def list_models(request: HttpRequest) -> list[ModelOut]:
    """List the models that the team may use, the default first."""
    return [ModelOut.of(choice) for choice in list_model_choices(get_caller(request).team)]


def choose_model(team: Team, key: str | None) -> tuple[ModelChoice, Connection | None]:
    """Return the choice and its connection; without a key the team's first. Raises UnknownModel."""
    choices = list_model_choices(team)
    for choice in choices:
        if key is None or choice.key == key:
            return choice, find_connection(team, choice.key)
    names = ", ".join(choice.key for choice in choices)
    raise UnknownModel(f"model: the team has no model {key}; use {names}.")
