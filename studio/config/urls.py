"""The URL configuration."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from studio.config.health import health, metrics
from studio.config.static_files import asset

handler404 = "studio.config.not_found.missing"
urlpatterns = [
    path("static/<path:path>", asset, name="asset"),
    path("health", health, name="health"),
    path("metrics", metrics, name="metrics"),
    path("language", login_not_required(require_POST(set_language)), name="language"),
    path("", include("studio.accounts.urls")),
    path("", include("studio.teams.urls")),
    path("", include("studio.designs.urls")),
    path("projects/", include("studio.projects.urls")),
    path("uploads/", include("studio.uploads.urls")),
    path("", include("studio.runs.urls")),
    path("", include("studio.versions.urls")),
    path("", include("studio.export.urls")),
    path("", include("studio.collaboration.urls")),
    path("", include("studio.library.urls")),
    path("", include("studio.operations.urls")),
    path("api/v1/", include("studio.api.urls", namespace="api")),
]

if settings.DEBUG:
    from studio.styleguide.views import styleguide

    urlpatterns.append(path("styleguide", styleguide, name="styleguide"))

if settings.OIDC_URL:
    from studio.accounts.oidc_provider import finish_login, start_login

    urlpatterns += [
        path("oidc/studio/login/", start_login, name="openid_connect_login"),
        path("oidc/studio/login/callback/", finish_login, name="openid_connect_callback"),
    ]
