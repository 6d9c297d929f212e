"""Addresses of claims: the examiners' part of the insurer's room."""

from django.urls import URLPattern

app_name = "examiner"

urlpatterns: list[URLPattern] = []
