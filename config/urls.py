"""Addresses of the web application."""

from django.urls import include, path

from config.health import report_health

urlpatterns = [
    path("healthz", report_health, name="healthz"),
    path("", include("portal.urls")),
    path("", include("portal.urls.insurer")),
    path("employers/<int:employer_id>/", include("portal.urls.employer")),
    path("brokers/<int:broker_id>/", include("portal.urls.broker")),
]
