"""API views of the team's design system: members read it, owners change it."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from studio.api.auth import get_caller
from studio.api.responses import answers
from studio.api.schemas import Problem
from studio.designs import services
from studio.designs.models import TeamDesign
from studio.pipeline.design_system.model import (
    LONGEST_EXAMPLE,
    LONGEST_STYLE,
    MOST_CHARACTERS,
    MOST_COMPONENTS,
    DesignComponent,
    DesignSystemError,
    load_tokens,
)
from studio.teams import access
from studio.teams.models import Role, Team

router = Router(tags=["design system"])


class ComponentIn(Schema):
    name: str = Field(min_length=1, max_length=60)
    html: str = Field(min_length=1, max_length=LONGEST_EXAMPLE)
    css: str = Field(default="", max_length=LONGEST_STYLE)


class DesignIn(Schema):
    tokens: str = Field(
        max_length=MOST_CHARACTERS,
        description="CSS custom properties, a Tailwind configuration, or W3C design tokens.",
    )
    components: list[ComponentIn] = Field(default_factory=list, max_length=MOST_COMPONENTS)


class DesignOut(Schema):
    tokens: str
    components: list[ComponentIn]
    colors: dict[str, str] = Field(description="Name → `#rrggbb`.")
    sizes: dict[str, float] = Field(description="Type sizes, name → px.")
    spaces: dict[str, float]
    radii: dict[str, float]
    fonts: dict[str, str]
    unread: list[str] = Field(description="Tokens of no kind that pages are mapped onto.")

    @classmethod
    def of(cls, design: TeamDesign) -> DesignOut:
        read = load_tokens(design.tokens, ()).to_json()
        colors = {name: "#{:02x}{:02x}{:02x}".format(*rgb) for name, rgb in read["colors"].items()}
        return cls(
            tokens=design.source,
            components=[ComponentIn(**component) for component in design.components],
            **{**read, "colors": colors},
        )


@router.get("/design", response=answers({200: DesignOut}, 403))
def get_design(request: HttpRequest) -> DesignOut:
    """Return the team's design system; it is empty if there is none."""
    return DesignOut.of(services.find_design(_get_team(request)) or TeamDesign())


@router.put("/design", response=answers({200: DesignOut}, 403, 422))
def put_design(request: HttpRequest, body: DesignIn) -> Status[DesignOut | Problem]:
    """Replace the team's design system; its later runs are mapped onto it."""
    components = [DesignComponent(one.name, one.html, one.css) for one in body.components]
    try:
        design = services.save_design(
            team=_get_team(request, Role.OWNER),
            by=get_caller(request).user,
            source=body.tokens,
            components=components,
        )
    except DesignSystemError as error:
        return Status(422, Problem(detail=str(error)))
    return Status(200, DesignOut.of(design))


@router.delete("/design", response=answers({204: None}, 403))
def delete_design(request: HttpRequest) -> Status[None]:
    """Remove the team's design system; later runs keep what was drawn."""
    services.remove_design(team=_get_team(request, Role.OWNER), by=get_caller(request).user)
    return Status(204, None)


def _get_team(request: HttpRequest, need: Role = Role.VIEWER) -> Team:
    token = get_caller(request)
    return access.fetch(Team.objects.all(), token, need=need, pk=token.team_id)
