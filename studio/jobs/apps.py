"""The application of jobs; it has no tables, because a job lasts for minutes."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "studio.jobs"
