"""Addresses of a broker's room."""

from django.urls import URLPattern

app_name = "broker"

urlpatterns: list[URLPattern] = []
