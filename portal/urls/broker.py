"""Addresses of a broker's room."""

from django.urls import URLPattern, path

from portal.views import users

app_name = "broker"

_users = [
    path("users/", users.broker_users, name="users"),
    path("users/<int:grant_id>/", users.broker_user, name="user"),
    path("users/invitations/<int:invitation_id>/", users.broker_invitation, name="invitation"),
]
urlpatterns: list[URLPattern] = [*_users]
