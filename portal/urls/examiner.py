"""Addresses of claims: the examiners' part of the insurer's room.

The tabs of a claim are `examiner:<name>` with the claim's id; their names and order are in
`portal.views.examiner.frame.TABS`.
"""

from django.urls import URLPattern, path

from portal.views.examiner import case, cases

app_name = "examiner"

_cases = [
    path("", cases.list_all, name="claims"),
    path("<int:claim_id>/", case.show, name="claim"),
]
urlpatterns: list[URLPattern] = [*_cases]
