"""Addresses of the web application."""

from django.urls import include, path

from config.health import report_health
from portal.admin import superuser_site

urlpatterns = [
    path("healthz", report_health, name="healthz"),
    path("admin/", superuser_site.urls),
    path("api/v1/", include("api.urls")),
    path("", include("portal.urls")),
    path("", include("portal.urls.account")),
    path("", include("portal.urls.insurer")),
    path("claims/", include("portal.urls.examiner")),
    path("my-claim/<str:token>/", include("portal.urls.person")),
    path("employers/<int:employer_id>/", include("portal.urls.employer")),
    path("brokers/<int:broker_id>/", include("portal.urls.broker")),
]
