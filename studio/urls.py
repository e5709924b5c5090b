"""Where everything is found."""

from __future__ import annotations

from django.urls import include, path

from studio.assets import asset
from studio.health import health

urlpatterns = [
    path("static/<path:path>", asset, name="asset"),
    path("health", health, name="health"),
    path("uploads/", include("studio.uploads.urls")),
    path("", include("studio.generation.urls")),
]
