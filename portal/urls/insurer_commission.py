"""Addresses of the insurer's room: commission, and credits that are paid back."""

from django.urls import URLPattern, path

from portal.views.insurer import commission, commission_broker, refunds

patterns: list[URLPattern] = [
    path("commission/", commission.list_all, name="commission"),
    path("commission.csv", commission.export, name="commission_csv"),
    path("commission/issue/", commission.issue, name="issue_commission"),
    path("commission/pay/", commission.pay, name="pay_commission"),
    path("commission/brokers/<int:broker_id>/", commission_broker.show, name="commission_broker"),
    path(
        "commission/brokers/<int:broker_id>/entries.csv",
        commission_broker.export,
        name="commission_entries_csv",
    ),
    path(
        "commission/brokers/<int:broker_id>/account/",
        commission_broker.record_account,
        name="record_broker_account",
    ),
    path(
        "commission/accounts/<int:account_id>/confirm/",
        commission_broker.confirm_account,
        name="confirm_broker_account",
    ),
    path("commission/entries/<int:entry_id>/why/", commission.explain, name="commission_why"),
    path(
        "commission/statements/<int:commission_id>/",
        commission.show_statement,
        name="commission_statement",
    ),
    path(
        "commission/statements/<int:commission_id>/file/",
        commission.send_letter,
        name="commission_file",
    ),
    path(
        "commission/statements/<int:commission_id>/entries.csv",
        commission.export_statement,
        name="commission_statement_csv",
    ),
    path("payouts/refunds/", refunds.propose, name="refunds"),
]
