from __future__ import annotations

from django.urls import path

from studio.designs import views

app_name = "designs"
urlpatterns = [
    path("teams/<int:team_id>/design", views.design, name="design"),
    path("teams/<int:team_id>/design/components", views.add_component, name="add-component"),
    path(
        "teams/<int:team_id>/design/components/<slug:name>/remove",
        views.remove_component,
        name="remove-component",
    ),
    path("teams/<int:team_id>/design/remove", views.remove, name="remove"),
]
