"""`manage.py doctor`: try every part of the studio and say what is wrong and what to do."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.diagnosis.examine import examine
from studio.diagnosis.findings import Finding, Level, count_levels

MARKS: dict[Level, str] = {"ok": "ok", "warning": "warning", "error": "ERROR"}


class Command(BaseCommand):
    help = (
        "Try every part of the studio: settings, browser, database, Redis, queue, storage, model, mail. "
        "Fails if something does not work."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = []
        for finding in examine():
            findings.append(finding)
            if not options["json"]:
                self.stdout.write(_format_line(finding))
                self.stdout.flush()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in findings], indent=1))
        counts = count_levels(findings)
        if counts["error"]:
            raise CommandError(f"{counts['error']} parts do not work.")


def _format_line(finding: Finding) -> str:
    line = f"{MARKS[finding.level]:8}{finding.part}: {finding.words}"
    return f"{line} {finding.hint}" if finding.hint else line
