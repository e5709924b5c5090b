from __future__ import annotations

from django.urls import path

from studio.projects import views

app_name = "projects"
urlpatterns = [
    path("new", views.create, name="create"),
    path("<int:project_id>/rename", views.rename, name="rename"),
    path("<int:project_id>/archive", views.archive, name="archive"),
    path("<int:project_id>/delete", views.delete, name="delete"),
    path("<int:project_id>/undelete", views.undelete, name="undelete"),
]
