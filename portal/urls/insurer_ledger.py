"""Addresses of the insurer's room: open items, write-offs, instalments, ledger, month close."""

from django.urls import URLPattern, path

from portal.views.insurer import (
    account,
    instalments,
    ledger,
    ledger_files,
    month_close,
    open_items,
    write_offs,
)

_open_items = [
    path("open-items/", open_items.list_all, name="open_items"),
    path("open-items.csv", open_items.export, name="open_items_csv"),
    path("open-items/<int:open_item_id>/", open_items.show, name="open_item"),
    path("write-offs/", write_offs.list_all, name="write_offs"),
    path("write-offs/<int:write_off_id>/", write_offs.show, name="write_off"),
    path("instalments/", instalments.list_all, name="plans"),
    path("instalments/<int:plan_id>/", instalments.show, name="plan"),
    path("contracts/<int:contract_id>/instalments/new/", instalments.create, name="new_plan"),
    path("contracts/<int:contract_id>/account/", account.show, name="contract_account"),
    path("contracts/<int:contract_id>/account.csv", account.export, name="contract_account_csv"),
]
_ledger = [
    path("ledger/", ledger.show_balance, name="ledger"),
    path("ledger/balance.csv", ledger_files.send_balance, name="trial_balance_csv"),
    path("ledger/journal/", ledger.show_journal, name="journal"),
    path("ledger/journal.csv", ledger_files.send_journal, name="journal_csv"),
    path("ledger/batch.csv", ledger_files.send_batch, name="ledger_batch"),
    path("ledger/bookings/<int:booking_id>/", ledger.show_booking, name="booking"),
    path("ledger/close/", month_close.show, name="month_close"),
]
patterns: list[URLPattern] = [*_open_items, *_ledger]
