"""The URL configuration."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from studio.config.health import health, metrics
from studio.config.static_files import asset

handler404 = "studio.config.not_found.missing"
urlpatterns = [
    path("static/<path:path>", asset, name="asset"),
    path("health", health, name="health"),
    path("metrics", metrics, name="metrics"),
    path("", include("studio.teams.urls")),
    path("projects/", include("studio.projects.urls")),
    path("uploads/", include("studio.uploads.urls")),
    path("", include("studio.runs.urls")),
    path("", include("studio.versions.urls")),
    path("", include("studio.export.urls")),
    path("", include("studio.collaboration.urls")),
    path("", include("studio.library.urls")),
    path("api/v1/", include("studio.api.urls", namespace="api")),
]

if settings.OIDC_URL:
    from studio.teams.oidc_provider import finish_login, start_login

    urlpatterns += [
        path("oidc/studio/login/", start_login, name="openid_connect_login"),
        path("oidc/studio/login/callback/", finish_login, name="openid_connect_callback"),
    ]
