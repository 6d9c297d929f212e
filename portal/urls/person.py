"""Addresses of the insured person's own page, opened with a link and a PIN."""

from django.urls import URLPattern

app_name = "person"

urlpatterns: list[URLPattern] = []
