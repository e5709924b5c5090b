from __future__ import annotations

from django.urls import path

from studio.collaboration import views

app_name = "collaboration"
urlpatterns = [
    path("runs/<uuid:run_id>/share", views.share, name="share"),
    path("runs/<uuid:run_id>/share/<int:link_id>/close", views.close, name="close"),
    path("runs/<uuid:run_id>/comments", views.comments, name="comments"),
    path("runs/<uuid:run_id>/comments/<int:comment_id>/resolve", views.resolve, name="resolve"),
    path("runs/<uuid:run_id>/comments/<int:comment_id>/delete", views.delete, name="delete"),
    path("runs/<uuid:run_id>/comments/restore", views.restore, name="restore"),
    path("shared/<str:token>", views.shared, name="shared"),
    path("shared/<str:token>/<str:name>.png", views.shared_picture, name="shared-picture"),
    path("shared/page/<str:token>/<path:name>", views.shared_page, name="shared-page"),
]
