from __future__ import annotations

from django.urls import path

from studio.teams import views

app_name = "teams"
urlpatterns = [
    path("sign-in", views.SignIn.as_view(), name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("welcome/<str:token>", views.welcome, name="welcome"),
    path("account", views.account, name="account"),
]
