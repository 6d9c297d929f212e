"""Addresses of the web application."""

from django.urls import include, path

from config.health import report_health

urlpatterns = [
    path("healthz", report_health, name="healthz"),
    path("", include("portal.urls")),
]
