from __future__ import annotations

from django.urls import path

from studio.accounts import account_views, sign_in_views

app_name = "accounts"
urlpatterns = [
    path("sign-in", sign_in_views.SignIn.as_view(), name="sign-in"),
    path("sign-up", sign_in_views.sign_up, name="sign-up"),
    path("sign-up/<str:token>", sign_in_views.finish_sign_up_page, name="finish-sign-up"),
    path("sign-out", sign_in_views.sign_out, name="sign-out"),
    path("sign-out-elsewhere", sign_in_views.sign_out_elsewhere, name="sign-out-elsewhere"),
    path("welcome/<str:token>", sign_in_views.welcome, name="welcome"),
    path("join/<str:token>", sign_in_views.join, name="join"),
    path("second-step", account_views.second_step, name="second-step"),
    path("account", account_views.account, name="account"),
    path("account/confirm/<str:token>", account_views.confirm_email, name="confirm-email"),
    path("account/two-factor", account_views.set_up_two_factor, name="two-factor"),
    path("account/two-factor/codes", account_views.new_recovery_codes, name="recovery-codes"),
    path("account/two-factor/off", account_views.turn_off_two_factor, name="two-factor-off"),
]
