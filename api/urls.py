"""Addresses of version 1 of the API."""

from django.urls import URLPattern, URLResolver, path, re_path

from api.views.errors import say_not_found
from api.views.me import MeView
from api.views.notices import NoticesView, NoticeView, NoticeWithdrawalView
from api.views.schema import show_schema
from api.views.token import TokenView

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("oauth/token", TokenView.as_view(), name="token"),
    path("schema", show_schema, name="schema"),
    path("me", MeView.as_view(), name="me"),
    path("notices", NoticesView.as_view(), name="notices"),
    path("notices/<str:notice_id>", NoticeView.as_view(), name="notice"),
    path(
        "notices/<str:notice_id>/withdraw", NoticeWithdrawalView.as_view(), name="notice_withdrawal"
    ),
    # Whatever else is asked for under this address gets a problem, not a page.
    re_path(r"^.*$", say_not_found, name="nothing"),
]
