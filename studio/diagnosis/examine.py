"""All checks and probes, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.checks import CheckMessage, run_checks

from studio.config.settings import ENVIRON
from studio.diagnosis.findings import Finding, Level, run_probe
from studio.diagnosis.front_door import FRONT_DOOR
from studio.diagnosis.machine import MACHINE
from studio.diagnosis.services import SERVICES


def examine() -> Iterator[Finding]:
    """Yield the findings: the settings first, then this machine, then the services."""
    yield from _examine_settings()
    for probe in (*MACHINE, *SERVICES, *FRONT_DOOR):
        yield run_probe(probe)


def _examine_settings() -> Iterator[Finding]:
    """Yield what `manage.py check` says, with `--deploy` where the studio is visited over https."""
    found = run_checks(include_deployment_checks=ENVIRON.https)
    messages = [message for message in found if not message.is_silenced()]
    if not messages:
        yield Finding("ok", "settings", "They fit together.")
    for message in messages:
        yield _make_finding(message)


def _make_finding(message: CheckMessage) -> Finding:
    level: Level = "error" if message.is_serious() else "warning"
    return Finding(level, "settings", str(message.msg), str(message.hint or ""))
