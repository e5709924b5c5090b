from __future__ import annotations

from django.urls import path

from studio.export import views

app_name = "export"
urlpatterns = [
    path("runs/<uuid:run_id>/export", views.exports, name="exports"),
    path("exports/<uuid:export_id>/", views.export, name="export"),
    path("exports/<uuid:export_id>/confirm", views.confirm, name="confirm"),
    path("exports/<uuid:export_id>/retry", views.retry, name="retry"),
    path("exports/<uuid:export_id>/cancel", views.cancel, name="cancel"),
    path("teams/<int:team_id>/repositories", views.repositories, name="repositories"),
    path(
        "teams/<int:team_id>/repositories/<int:repository_id>/remove",
        views.remove_repository,
        name="remove-repository",
    ),
]
