from __future__ import annotations

from django.urls import path

from studio.uploads import views

app_name = "uploads"
urlpatterns = [
    path("<str:sha256>.png", views.picture, name="picture"),
    path("<str:sha256>.webp", views.thumbnail, name="thumbnail"),
]
