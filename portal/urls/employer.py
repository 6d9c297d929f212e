"""Addresses of an employer's room; the people who act for it come in here too."""

from django.urls import URLPattern, path

from portal.views.employer import benefits, mandate, papers, statements

app_name = "employer"

_statements = [
    path("statements/", statements.list_all, name="statements"),
    path("statements/<int:statement_id>/", statements.show, name="statement"),
    path("statements/<int:statement_id>/file/", statements.send_pdf, name="statement_file"),
    path(
        "statements/<int:statement_id>/lines.csv", statements.send_csv_lines, name="statement_csv"
    ),
    path(
        "statements/<int:statement_id>/people/<int:person_id>/<str:month>/",
        statements.explain,
        name="why",
    ),
    path("benefits-in-kind/", benefits.show, name="benefits"),
    path("benefits-in-kind/<str:month>.csv", benefits.send_list, name="benefits_csv"),
]
_papers = [
    path("documents/", papers.list_all, name="documents"),
    path("documents/<int:document_id>/", papers.send, name="document"),
    path("documents/<int:document_id>/revoke/", papers.revoke, name="revoke_filing"),
    path(
        "documents/confirmations/<int:contract_id>.zip",
        papers.send_confirmations,
        name="confirmations_file",
    ),
    path("mandates/<int:mandate_id>/file/", papers.send_mandate, name="mandate_file"),
    path("mandate/", mandate.show, name="mandate"),
    path("mandate/change/", mandate.change, name="change_mandate"),
    path("mandate/confirm/", mandate.confirm, name="confirm_mandate"),
    path("mandate/withdraw/", mandate.withdraw, name="withdraw_mandate"),
]
urlpatterns: list[URLPattern] = [*_statements, *_papers]
