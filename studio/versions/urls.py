from __future__ import annotations

from django.urls import path

from studio.versions import import_views, outline_views, views

app_name = "versions"
urlpatterns = [
    path("import", import_views.import_page, name="import"),
    path("runs/<uuid:run_id>/diff", views.diff, name="diff"),
    path("runs/<uuid:run_id>/attempts/<int:number>/", views.version, name="version"),
    path("runs/<uuid:run_id>/attempts/<int:number>/page", views.alone, name="alone"),
    path("runs/<uuid:run_id>/attempts/<int:number>/follow-up", views.follow_up, name="follow-up"),
    path("runs/<uuid:run_id>/attempts/<int:number>/edit", views.edit, name="edit"),
    path("runs/<uuid:run_id>/attempts/<int:number>/code", views.edit_code, name="code"),
    path("runs/<uuid:run_id>/attempts/<int:number>/outline", outline_views.outline, name="outline"),
    path("runs/<uuid:run_id>/attempts/<int:number>/restore", views.restore, name="restore"),
    path("runs/<uuid:run_id>/attempts/<int:number>/delete", views.delete, name="delete"),
    path("runs/<uuid:run_id>/attempts/<int:number>/undelete", views.undelete, name="undelete"),
]
