from __future__ import annotations

from django.urls import path

from studio.teams import activity_views, cost_views, model_views, team_views, token_views

app_name = "teams"
urlpatterns = [
    path("teams/", team_views.teams, name="teams"),
    path("teams/<int:team_id>/", team_views.team, name="team"),
    path("teams/<int:team_id>/work", team_views.work, name="work"),
    path("teams/<int:team_id>/rename", team_views.rename, name="rename"),
    path("teams/<int:team_id>/leave", team_views.leave, name="leave"),
    path("teams/<int:team_id>/two-factor", team_views.two_factor, name="team-two-factor"),
    path("teams/<int:team_id>/activity", activity_views.activity, name="activity"),
    path("teams/<int:team_id>/activity.csv", activity_views.download, name="activity-csv"),
    path("teams/<int:team_id>/invite", team_views.invite, name="invite"),
    path(
        "teams/<int:team_id>/invitations/<int:invitation_id>/revoke",
        team_views.revoke_invitation,
        name="revoke-invitation",
    ),
    path(
        "teams/<int:team_id>/members/<int:user_id>/role", team_views.change_role, name="change-role"
    ),
    path("teams/<int:team_id>/members/<int:user_id>/remove", team_views.remove, name="remove"),
    path(
        "teams/<int:team_id>/members/<int:user_id>/hand-over",
        team_views.hand_over,
        name="hand-over",
    ),
    path("teams/<int:team_id>/models", model_views.models, name="models"),
    path(
        "teams/<int:team_id>/models/<int:connection_id>/", model_views.change, name="change-model"
    ),
    path(
        "teams/<int:team_id>/models/<int:connection_id>/remove",
        model_views.remove,
        name="remove-model",
    ),
    path("teams/<int:team_id>/cost", cost_views.cost, name="cost"),
    path("teams/<int:team_id>/budget", model_views.budget, name="budget"),
    path("teams/<int:team_id>/tokens", token_views.tokens, name="tokens"),
    path(
        "teams/<int:team_id>/tokens/<int:token_id>/revoke", token_views.revoke, name="revoke-token"
    ),
]
