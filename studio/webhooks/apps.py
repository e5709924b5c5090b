from __future__ import annotations

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "studio.webhooks"

    def ready(self) -> None:
        from studio.runs.signals import run_over
        from studio.webhooks.services import enqueue_deliveries

        run_over.connect(enqueue_deliveries, dispatch_uid="webhooks")
