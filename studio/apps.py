"""The project itself as an app: it brings the commands and the system checks."""

from __future__ import annotations

from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "studio"

    def ready(self) -> None:
        from studio.config import checks, error_reports
        from studio.config.settings import ENVIRON

        checks.register_all()
        if ENVIRON.sentry_dsn and error_reports.is_sentry_installed():
            error_reports.set_up_error_reports(ENVIRON.sentry_dsn)
