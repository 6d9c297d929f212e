"""Addresses of version 1 of the API."""

from django.urls import URLPattern, URLResolver, path, re_path

from api.views.benefits import BenefitsView
from api.views.confirmations import ConfirmationPdfView, ConfirmationsView
from api.views.contracts import ContractsView, ContractView
from api.views.docs import show_docs
from api.views.errors import say_not_found
from api.views.jobs import (
    JobConfirmationView,
    JobDiscardView,
    JobRowsView,
    JobsView,
    JobView,
)
from api.views.me import MeView
from api.views.members import MembersView, MemberView
from api.views.notices import NoticesView, NoticeView, NoticeWithdrawalView
from api.views.payroll_files import PayrollFileContentView, PayrollFilesView, PayrollFileView
from api.views.quotes import QuotesView
from api.views.schema import show_schema
from api.views.sick_leaves import SickLeavesView, SickLeaveView
from api.views.statements import (
    StatementLinesView,
    StatementLineView,
    StatementPdfView,
    StatementsView,
    StatementView,
)
from api.views.tariffs import TariffsView
from api.views.token import TokenView
from api.views.workforce import WorkforceView

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("oauth/token", TokenView.as_view(), name="token"),
    path("docs", show_docs, name="docs"),
    path("schema", show_schema, name="schema"),
    path("me", MeView.as_view(), name="me"),
    path("notices", NoticesView.as_view(), name="notices"),
    path("notices/<str:notice_id>", NoticeView.as_view(), name="notice"),
    path(
        "notices/<str:notice_id>/withdraw", NoticeWithdrawalView.as_view(), name="notice_withdrawal"
    ),
    path("members", MembersView.as_view(), name="members"),
    path("members/<path:personnel_number>", MemberView.as_view(), name="member"),
    path("contracts", ContractsView.as_view(), name="contracts"),
    path("contracts/<path:contract_id>", ContractView.as_view(), name="contract"),
    path("statements", StatementsView.as_view(), name="statements"),
    path("statements/<str:statement_id>", StatementView.as_view(), name="statement"),
    path(
        "statements/<str:statement_id>/lines", StatementLinesView.as_view(), name="statement_lines"
    ),
    path(
        "statements/<str:statement_id>/lines/<str:person_id>/<str:covered_month>",
        StatementLineView.as_view(),
        name="statement_line",
    ),
    path("statements/<str:statement_id>/pdf", StatementPdfView.as_view(), name="statement_pdf"),
    path("confirmations", ConfirmationsView.as_view(), name="confirmations"),
    path(
        "confirmations/<str:confirmation_id>/pdf",
        ConfirmationPdfView.as_view(),
        name="confirmation_pdf",
    ),
    path("benefit-in-kind", BenefitsView.as_view(), name="benefit_in_kind"),
    path("payroll-files", PayrollFilesView.as_view(), name="payroll_files"),
    path("payroll-files/<str:file_id>", PayrollFileView.as_view(), name="payroll_file"),
    path(
        "payroll-files/<str:file_id>/content",
        PayrollFileContentView.as_view(),
        name="payroll_file_content",
    ),
    path("sick-leaves", SickLeavesView.as_view(), name="sick_leaves"),
    path("sick-leaves/<path:leave_id>", SickLeaveView.as_view(), name="sick_leave"),
    path("tariffs", TariffsView.as_view(), name="tariffs"),
    path("quotes", QuotesView.as_view(), name="quotes"),
    path("workforce", WorkforceView.as_view(), name="workforce"),
    path("jobs", JobsView.as_view(), name="jobs"),
    path("jobs/<str:job_id>", JobView.as_view(), name="job"),
    path("jobs/<str:job_id>/rows", JobRowsView.as_view(), name="job_rows"),
    path("jobs/<str:job_id>/confirm", JobConfirmationView.as_view(), name="job_confirmation"),
    path("jobs/<str:job_id>/discard", JobDiscardView.as_view(), name="job_discard"),
    # Whatever else is asked for under this address gets a problem, not a page.
    re_path(r"^.*$", say_not_found, name="nothing"),
]
