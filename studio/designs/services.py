"""The services of design systems, and the only code that writes their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from studio.designs.models import TeamDesign
from studio.pipeline.design_system.model import DesignComponent, DesignSystem, load_tokens
from studio.pipeline.design_system.reading import read_design_system
from studio.teams.activity import record
from studio.teams.models import Team, User


def find_design(team: Team) -> TeamDesign | None:
    return TeamDesign.objects.filter(team=team).first()


def load_design_system(team_id: int) -> DesignSystem | None:
    """Return the design system that the team's runs are mapped onto; None without one."""
    design = TeamDesign.objects.filter(team=team_id).first()
    if design is None:
        return None
    system = load_tokens(design.tokens, list_components(design))
    return None if system.is_empty else system


def list_components(design: TeamDesign | None) -> tuple[DesignComponent, ...]:
    if design is None:
        return ()
    return tuple(DesignComponent(**component) for component in design.components)


def save_design(
    *, team: Team, by: User, source: str, components: Sequence[DesignComponent]
) -> TeamDesign:
    """Read and store the team's design system; raises DesignSystemError."""
    system = read_design_system(source, components)
    values = {
        "source": source,
        "tokens": system.to_json(),
        "components": [asdict(component) for component in components],
        "changed_by": by,
    }
    design, _ = TeamDesign.objects.update_or_create(team=team, defaults=values)
    record(team=team, actor=by, verb="changed the design system")
    return design


def remove_design(*, team: Team, by: User) -> None:
    removed, _ = TeamDesign.objects.filter(team=team).delete()
    if removed:
        record(team=team, actor=by, verb="removed the design system")
