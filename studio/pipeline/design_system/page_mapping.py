"""A page written with a team's design system, in a process with limits on memory and time."""

from __future__ import annotations

from studio.pipeline.bundle import Bundle
from studio.pipeline.design_system.component_mapping import map_components
from studio.pipeline.design_system.mapping import declare_tokens, map_tokens
from studio.pipeline.design_system.model import DesignSystem
from studio.pipeline.design_system.report import DesignReport
from studio.pipeline.isolation.confined import ConfinedFunction, LimitHit, Limits

LIMITS = Limits(megabytes=512, seconds=20.0, wait=60.0, keep_megabytes=150)
Files = dict[str, str]


def map_files(files: Files, system: DesignSystem) -> tuple[Files, DesignReport]:
    """Return the page's files with the team's tokens and components, and what was mapped."""
    page, report = map_tokens(Bundle(files), system)
    page, components = map_components(page, system)
    report.mapped += components.mapped
    report.unmapped += components.unmapped
    return dict(declare_tokens(page, system).files), report


map_confined = ConfinedFunction(f"{__name__}:map_files", LIMITS)


def map_page(bundle: Bundle, system: DesignSystem) -> tuple[Bundle, DesignReport] | None:
    """Return the page and what was mapped; None if that takes too much memory or time."""
    try:
        files, report = map_confined(dict(bundle.files), system)
    except LimitHit:
        return None
    return Bundle(files, bundle.assets), report
