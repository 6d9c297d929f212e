"""Addresses of an employer's room; the people who act for it come in here too."""

from django.urls import URLPattern, path

from portal.urls.programs import list_program_pages
from portal.views import authority, users
from portal.views.employer import (
    account,
    arrears,
    assistance,
    benefits,
    bookkeeping,
    exports,
    mandate,
    notices,
    papers,
    payroll_files,
    people,
    person,
    person_link,
    sick_leaves,
    start,
    statements,
    tables,
    uploads,
)

app_name = "employer"

_start = [
    path("", start.show_start, name="start"),
    path("people/", people.list_people, name="people"),
    path("people.csv", exports.send_csv_people, name="people_csv"),
    path("people.xlsx", exports.send_xlsx_people, name="people_xlsx"),
    path("people/<int:person_id>/", person.show_person, name="person"),
    path("people/<int:person_id>/why/", person.explain_premium, name="price_why"),
]
_notices = [
    path("notices/", notices.list_all, name="notices"),
    path("notices.csv", tables.send_notice_list, name="notices_csv"),
    path("notices/new/", notices.choose_kind, name="new_notice"),
    path("notices/new/<str:kind>/", notices.fill_in, name="new_notice_form"),
    path("notices/<int:notice_id>/", notices.show, name="notice"),
    path("notices/<int:notice_id>/withdraw/", notices.withdraw, name="withdraw_notice"),
]

_statements = [
    path("statements/", statements.list_all, name="statements"),
    path("statements.csv", tables.send_statements, name="statements_csv"),
    path("account/", account.show, name="account"),
    path("account.csv", account.export, name="account_csv"),
    path("arrears/", arrears.show, name="arrears"),
    path("bookkeeping/", bookkeeping.show, name="bookkeeping"),
    path("bookkeeping/change/", bookkeeping.change, name="change_bookkeeping"),
    path("bookkeeping/batch.csv", bookkeeping.send_batch, name="bookkeeping_batch"),
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
    path("benefits-in-kind/files/", payroll_files.show, name="payroll_files"),
    path("benefits-in-kind/files/new/", payroll_files.create, name="create_payroll_file"),
    path("benefits-in-kind/files/settings/", payroll_files.change_target, name="payroll_target"),
    path("benefits-in-kind/files/<int:payroll_file_id>/", payroll_files.send, name="payroll_file"),
    path(
        "benefits-in-kind/files/<int:payroll_file_id>/withdraw/",
        payroll_files.withdraw,
        name="withdraw_payroll_file",
    ),
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
_uploads = [
    path("uploads/", uploads.list_all, name="uploads"),
    path("uploads/new/", uploads.create, name="new_upload"),
    path("uploads/template-<slug:kind>.xlsx", uploads.send_template, name="upload_template"),
    path("uploads/<int:upload_id>/", uploads.show, name="upload"),
    path("uploads/<int:upload_id>/progress/", uploads.progress, name="upload_progress"),
    path("uploads/<int:upload_id>/columns/", uploads.choose_columns, name="upload_columns"),
    path("uploads/<int:upload_id>/rows/<int:row>/", uploads.correct, name="upload_row"),
    path("uploads/<int:upload_id>/release/", uploads.release, name="release_upload"),
    path("uploads/<int:upload_id>/discard/", uploads.discard, name="discard_upload"),
    path("uploads/<int:upload_id>/failed.<str:suffix>", uploads.send_failed, name="upload_failed"),
]
_sick_leaves = [
    path("sick-leaves/", sick_leaves.list_all, name="sick_leaves"),
    path("sick-leaves/new/", sick_leaves.report, name="new_sick_leave"),
    path("sick-leaves/people/", sick_leaves.suggest_people, name="sick_leave_people"),
    path("sick-leaves/<int:leave_id>/", sick_leaves.show, name="sick_leave"),
    path(
        "sick-leaves/<int:leave_id>/certificates/new/",
        sick_leaves.certify,
        name="new_certificate",
    ),
    path(
        "sick-leaves/<int:leave_id>/certificates/<int:certificate_id>/withdraw/",
        sick_leaves.take_back_certificate,
        name="withdraw_certificate",
    ),
    path("sick-leaves/<int:leave_id>/withdraw/", sick_leaves.withdraw, name="withdraw_sick_leave"),
    path("sick-leaves/<int:leave_id>/link/", person_link.send_link, name="sick_leave_link"),
    path("sick-leaves/<int:leave_id>/sheet/", person_link.print_sheet, name="sick_leave_sheet"),
    path("assistance/", assistance.show, name="assistance"),
]
_users = [
    path("users/", users.employer_users, name="users"),
    path("users/settings/", authority.change_settings, name="user_settings"),
    path("users/<int:grant_id>/", users.employer_user, name="user"),
    path("users/invitations/<int:invitation_id>/", users.employer_invitation, name="invitation"),
]
urlpatterns: list[URLPattern] = [
    *_start,
    *_notices,
    *_sick_leaves,
    *_users,
    *list_program_pages("employer"),
    *_statements,
    *_papers,
    *_uploads,
]
