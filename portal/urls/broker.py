"""Addresses of a broker's room."""

from django.urls import URLPattern, path

from portal.urls.programs import list_program_pages
from portal.views import users
from portal.views.broker import (
    account,
    application_steps,
    applications,
    arrears,
    calculator,
    clients,
    commission,
    files,
    quotes,
    start,
    tables,
)

app_name = "broker"

_users = [
    path("users/", users.broker_users, name="users"),
    path("users/<int:grant_id>/", users.broker_user, name="user"),
    path("users/invitations/<int:invitation_id>/", users.broker_invitation, name="invitation"),
]
_clients = [
    path("", start.show_start, name="start"),
    path("clients/", clients.list_all, name="clients"),
    path("clients.csv", clients.export, name="clients_csv"),
    path("arrears/", arrears.list_all, name="arrears"),
    path("arrears.csv", arrears.export, name="arrears_csv"),
    path("contracts/<int:contract_id>/account/", account.show, name="account"),
    path("contracts/<int:contract_id>/account.csv", account.export, name="account_csv"),
]
_files = [
    path("files/", files.show, name="files"),
    path("files/portfolio.gdv", files.send_portfolio, name="portfolio"),
]
_commission = [
    path("commission/", commission.show, name="commission"),
    path("commission/<int:commission_id>/", commission.show_statement, name="commission_statement"),
    path("commission/<int:commission_id>/file/", commission.send_letter, name="commission_file"),
    path("commission/<int:commission_id>/entries.csv", commission.export, name="commission_csv"),
    path(
        "commission/accounts/<int:account_id>/confirm/",
        commission.confirm_account,
        name="confirm_account",
    ),
]
_quotes = [
    path("quotes/", quotes.list_all, name="quotes"),
    path("quotes.csv", tables.send_quotes, name="quotes_csv"),
    path("quotes/new/", calculator.calculate, name="new_quote"),
    path("quotes/<int:quote_id>/", quotes.show, name="quote"),
    path("quotes/<int:quote_id>/file/", quotes.send_pdf, name="quote_file"),
    path("quotes/<int:quote_id>/application/", quotes.apply, name="apply"),
]
_applications = [
    path("applications/", applications.list_all, name="applications"),
    path("applications.csv", tables.send_applications, name="applications_csv"),
    path("applications/bank/", application_steps.name_bank, name="bank"),
    path("applications/<int:application_id>/", applications.show, name="application"),
    path(
        "applications/<int:application_id>/hand-over/",
        applications.hand_over,
        name="hand_over_application",
    ),
    path("applications/<int:application_id>/copy/", applications.copy, name="copy_application"),
    path(
        "applications/<int:application_id>/invitation/",
        applications.invite_employer,
        name="invite_employer",
    ),
    path(
        "applications/<int:application_id>/mandate/file/",
        applications.send_signature,
        name="signature",
    ),
    path(
        "applications/<int:application_id>/<slug:step>/",
        application_steps.fill_in,
        name="application_step",
    ),
]
urlpatterns: list[URLPattern] = [
    *_clients,
    *_commission,
    *_files,
    *_quotes,
    *_applications,
    *_users,
    *list_program_pages("broker"),
]
