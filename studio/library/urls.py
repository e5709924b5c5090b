from __future__ import annotations

from django.urls import path

from studio.library import views

app_name = "library"
urlpatterns = [
    path("library", views.library, name="library"),
    path("runs/<uuid:run_id>/rename", views.rename, name="rename"),
    path("runs/<uuid:run_id>/move", views.move, name="move"),
    path("runs/<uuid:run_id>/duplicate", views.duplicate, name="duplicate"),
    path("runs/<uuid:run_id>/archive", views.archive, name="archive"),
    path("runs/<uuid:run_id>/delete", views.delete, name="delete"),
    path("runs/<uuid:run_id>/undelete", views.undelete, name="undelete"),
    path("projects/<int:project_id>/duplicate", views.duplicate_project, name="duplicate-project"),
]
