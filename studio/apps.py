"""The project itself as an app: it brings the commands and the system checks."""

from __future__ import annotations

from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "studio"

    def ready(self) -> None:
        from studio.config import checks

        checks.register_all()
