"""Addresses of the insurer's room."""

from django.urls import path

from portal.urls import (
    insurer_arrears,
    insurer_bank,
    insurer_commission,
    insurer_ledger,
    insurer_mandates,
)
from portal.views import users
from portal.views.insurer import (
    applications,
    cancellation,
    collections,
    contract,
    contracts,
    exports,
    files,
    history,
    notices,
    papers,
    payouts,
    person,
    recoveries,
    run_preview,
    runs,
    search,
    slice_why,
    statement,
    tables,
    tariffs,
    work,
)

app_name = "insurer"

_contracts = [
    path("contracts/", contracts.list_contracts, name="contracts"),
    path("contracts/<int:contract_id>/", contract.show_contract, name="contract"),
    path("contracts/<int:contract_id>/people/", contract.list_people, name="people"),
    path("contracts/<int:contract_id>/people/<int:person_id>/", person.show_person, name="person"),
    path(
        "contracts/<int:contract_id>/statements/",
        contract.list_contract_statements,
        name="contract_statements",
    ),
    path("contracts/<int:contract_id>/agreement/", contract.show_agreement, name="agreement"),
    path("contracts/<int:contract_id>/parties/", contract.show_parties, name="parties"),
    path("contracts/<int:contract_id>/cancellation/", cancellation.cancel, name="cancel"),
    path("contracts/<int:contract_id>/papers/", papers.show, name="papers"),
    path("contracts/<int:contract_id>/papers/issue/", papers.issue, name="issue_papers"),
    path("contracts/<int:contract_id>/papers/progress/", papers.progress, name="papers_progress"),
    path(
        "contracts/<int:contract_id>/papers/confirmations.zip",
        files.send_confirmations,
        name="confirmations_file",
    ),
    path("contracts.csv", exports.export_contracts, name="contracts_csv"),
    path("contracts/<int:contract_id>/people.csv", exports.export_people, name="people_csv"),
    path(
        "contracts/<int:contract_id>/statements.csv",
        tables.export_contract_statements,
        name="contract_statements_csv",
    ),
]
_statements = [
    path("statements/<int:statement_id>/", statement.show_statement, name="statement"),
    path("statements/<int:statement_id>/lines.csv", exports.export_statement, name="statement_csv"),
    path("statements/<int:statement_id>/file/", files.send_statement, name="statement_file"),
    path(
        "statements/<int:statement_id>/people/<int:person_id>/<str:month>/",
        statement.explain,
        name="why",
    ),
]
_runs = [
    path("runs/", runs.list_all, name="runs"),
    path("runs/new/", runs.create, name="new_run"),
    path("runs/<str:month>/", runs.show, name="run"),
    path("runs/<str:month>/progress/", runs.progress, name="run_progress"),
    path("runs/<str:month>/letters/", runs.letters, name="run_letters"),
    path("runs/<str:month>/post/", runs.post, name="post_run"),
    path("runs/<str:month>/resend/", runs.resend, name="resend_run"),
    path("runs/<str:month>/discard/", runs.discard, name="discard_run"),
    path(
        "runs/<str:month>/contracts.<str:suffix>",
        run_preview.send_contracts,
        name="run_contracts_file",
    ),
    path(
        "runs/<str:month>/contracts/<int:contract_id>/",
        run_preview.show_contract,
        name="run_contract",
    ),
    path(
        "runs/<str:month>/contracts/<int:contract_id>/reasons.<str:suffix>",
        run_preview.send_reasons,
        name="run_reasons_file",
    ),
]
_collections = [
    path("collections/", collections.list_all, name="collections"),
    path("collections.csv", tables.export_collections, name="collections_csv"),
    path("collections/new/", collections.create, name="new_collection"),
    path("collections/<int:collection_id>/", collections.show, name="collection"),
    path("collections/<int:collection_id>/release/", collections.release, name="release_file"),
    path("collections/<int:collection_id>/discard/", collections.discard, name="discard_file"),
    path("collections/<int:collection_id>/check/", collections.check, name="check_file"),
    path("collections/<int:collection_id>/file/", files.send_collection, name="collection_file"),
]
_payouts = [
    path("payouts/", payouts.list_all, name="payouts"),
    path("payouts.csv", tables.export_payout_orders, name="payouts_csv"),
    path("payouts/new/", payouts.create, name="new_payout_order"),
    path("payouts/orders/<int:order_id>/", payouts.show_order, name="payout_order"),
    path("payouts/orders/<int:order_id>/release/", payouts.release, name="release_payouts"),
    path("payouts/orders/<int:order_id>/discard/", payouts.discard, name="discard_payouts"),
    path("payouts/orders/<int:order_id>/file/", payouts.send_order_file, name="payout_file"),
    path("payouts/<int:payout_id>/", payouts.show_payout, name="payout"),
    path("payouts/<int:payout_id>/verification/", payouts.verify, name="verify_payout"),
    path("payouts/months/<int:slice_id>/why/", slice_why.explain, name="slice_why"),
    path("payouts/recoveries/", recoveries.list_all, name="recoveries"),
    path("payouts/recoveries.csv", tables.export_recoveries, name="recoveries_csv"),
    path("payouts/recoveries/<int:recovery_id>/", recoveries.show, name="recovery"),
    path("payouts/recoveries/<int:recovery_id>/repayment/", recoveries.repay, name="repay"),
]
_files = [
    path("documents/<int:document_id>/", files.send_document, name="document"),
    path("mandates/<int:mandate_id>/file/", files.send_mandate, name="mandate_file"),
    path(
        "cancellations/<int:cancellation_id>/file/",
        files.send_cancellation,
        name="cancellation_file",
    ),
]
_users = [
    path("users/", users.insurer_users, name="users"),
    path("users/<int:grant_id>/", users.insurer_user, name="user"),
    path("users/invitations/<int:invitation_id>/", users.insurer_invitation, name="invitation"),
]
_work = [
    path("work/", work.list_all, name="work"),
    path("work.csv", tables.export_work, name="work_csv"),
    path("work/next/", work.take_next, name="next_work"),
    path("work/<int:item_id>/", work.show, name="work_item"),
    path("work/<int:item_id>/change/", work.change, name="change_work"),
    path("notices/", notices.list_all, name="notices"),
    path("notices.csv", tables.export_notices, name="notices_csv"),
    path("notices/<int:notice_id>/", notices.show, name="notice"),
    path("notices/<int:notice_id>/decision/", notices.decide, name="decide_notice"),
]
_applications = [
    path("applications/", applications.list_all, name="applications"),
    path("applications/<int:application_id>/", applications.show, name="application"),
    path(
        "applications/<int:application_id>/accept/", applications.accept, name="accept_application"
    ),
    path(
        "applications/<int:application_id>/decline/",
        applications.decline,
        name="decline_application",
    ),
    path(
        "applications/<int:application_id>/signature/",
        applications.send_signature,
        name="application_signature",
    ),
]
urlpatterns = [
    *_work,
    *_applications,
    path("search/", search.show, name="search"),
    path("history/<slug:kind>/<int:subject_id>/", history.show, name="history"),
    *_users,
    *_contracts,
    *_statements,
    *_runs,
    *_collections,
    *insurer_mandates.patterns,
    *insurer_bank.patterns,
    *insurer_ledger.patterns,
    *insurer_arrears.patterns,
    *insurer_commission.patterns,
    *_payouts,
    *_files,
    path("tariffs/", tariffs.list_all, name="tariffs"),
    path("tariffs/<slug:key>/", tariffs.show, name="tariff"),
]
