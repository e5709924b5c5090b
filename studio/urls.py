"""Where everything is found."""

from __future__ import annotations

from django.urls import include, path

from studio.assets import asset
from studio.health import health, metrics

urlpatterns = [
    path("static/<path:path>", asset, name="asset"),
    path("health", health, name="health"),
    path("metrics", metrics, name="metrics"),
    path("", include("studio.teams.urls")),
    path("projects/", include("studio.projects.urls")),
    path("uploads/", include("studio.uploads.urls")),
    path("", include("studio.generation.urls")),
]
