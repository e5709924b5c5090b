"""The application of the operator's page; it has no tables, because it shows those of others."""

from __future__ import annotations

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "studio.operations"
