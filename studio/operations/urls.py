from __future__ import annotations

from django.urls import path

from studio.operations import views

app_name = "operations"
urlpatterns = [
    path("operator", views.operator_page, name="operator"),
    path("operator/writer", views.install_writer, name="install-writer"),
]
