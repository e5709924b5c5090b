from __future__ import annotations

from django.urls import path

from studio.runs import start_views, views
from studio.versions import import_views
from studio.versions import views as version_views

app_name = "runs"
urlpatterns = [
    path("", start_views.start, name="start"),
    path("projects/<int:project_id>/", start_views.project, name="project"),
    path("import", import_views.import_page, name="import"),
    path("samples/<slug:name>", start_views.sample, name="sample"),
    path("runs/<uuid:run_id>/", views.run, name="run"),
    path("runs/<uuid:run_id>/result", views.result, name="result"),
    path("runs/<uuid:run_id>/cancel", views.cancel, name="cancel"),
    path("runs/<uuid:run_id>/download", views.download, name="download"),
    path("runs/<uuid:run_id>/diff", version_views.diff, name="diff"),
    path("runs/<uuid:run_id>/attempts/<int:number>/", version_views.version, name="version"),
    path("runs/<uuid:run_id>/attempts/<int:number>/page", version_views.alone, name="alone"),
    path("runs/<uuid:run_id>/attempts/<int:number>/follow-up", version_views.follow_up, name="follow-up"),
    path("runs/<uuid:run_id>/attempts/<int:number>/edit", version_views.edit, name="edit"),
    path("runs/<uuid:run_id>/attempts/<int:number>/restore", version_views.restore, name="restore"),
    path("runs/<uuid:run_id>/attempts/<int:number>/<str:name>.png", views.picture, name="picture"),
    path("runs/<uuid:run_id>/attempts/<int:number>/thumbnail.webp", views.thumbnail, name="thumbnail"),
    path("pages/<str:token>/<path:name>", views.page, name="page"),
]
