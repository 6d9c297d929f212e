"""Addresses of an employer's room; the people who act for it come in here too."""

from django.urls import URLPattern

app_name = "employer"

urlpatterns: list[URLPattern] = []
