"""Addresses of the insurer's room: arrears."""

from django.urls import URLPattern, path

from portal.views.insurer import arrears

patterns: list[URLPattern] = [
    path("arrears/", arrears.list_all, name="arrears"),
    path("arrears.csv", arrears.export, name="arrears_csv"),
    path("arrears/<int:arrears_id>/", arrears.show, name="arrears_case"),
]
