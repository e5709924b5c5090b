from __future__ import annotations

from django.urls import path

from studio.runs import start_views, views

app_name = "runs"
urlpatterns = [
    path("", start_views.start, name="start"),
    path("projects/<int:project_id>/", start_views.project, name="project"),
    path("samples/<slug:name>", start_views.sample, name="sample"),
    path("runs/<uuid:run_id>/", views.run, name="run"),
    path("runs/<uuid:run_id>/result", views.result, name="result"),
    path("runs/<uuid:run_id>/follow", views.follow, name="follow"),
    path("runs/<uuid:run_id>/cancel", views.cancel, name="cancel"),
    path("runs/<uuid:run_id>/download", views.download, name="download"),
    path("runs/<uuid:run_id>/attempts/<int:number>/<str:name>.png", views.picture, name="picture"),
    path(
        "runs/<uuid:run_id>/attempts/<int:number>/thumbnail.webp", views.thumbnail, name="thumbnail"
    ),
    path("pages/<str:token>/<path:name>", views.page, name="page"),
]
