"""Addresses of the insurer's room: mandates."""

from django.urls import URLPattern, path

from portal.views.insurer import mandates

patterns: list[URLPattern] = [
    path("mandates/", mandates.list_all, name="mandates"),
    path("mandates.csv", mandates.export, name="mandates_csv"),
    path("mandates/<int:mandate_id>/", mandates.show, name="mandate"),
    path("mandates/<int:mandate_id>/actions/<slug:action>/", mandates.act, name="act_on_mandate"),
    path(
        "mandates/<int:mandate_id>/proof/file/", mandates.send_signature, name="mandate_signature"
    ),
]
