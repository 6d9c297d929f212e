"""Addresses of the insurer's room: files of the bank, unclear entries, returned debits, rules."""

from django.urls import URLPattern, path

from portal.views.insurer import bank, bank_entries, bank_tables, reactions, returned_debits

patterns: list[URLPattern] = [
    path("bank/", bank.list_all, name="bank"),
    path("bank.csv", bank_tables.export_deliveries, name="bank_csv"),
    path("bank/upload/", bank.upload, name="bank_upload"),
    path("bank/deliveries/<int:bank_delivery_id>/", bank.show_delivery, name="bank_delivery"),
    path("bank/deliveries/<int:bank_delivery_id>/progress/", bank.progress, name="bank_progress"),
    path("bank/files/<int:bank_file_id>/", bank.show_file, name="bank_file"),
    path("bank/files/<int:bank_file_id>/source/", bank.send_source, name="bank_source"),
    path(
        "bank/files/<int:bank_file_id>/entries.csv",
        bank_tables.export_file,
        name="bank_file_csv",
    ),
    path("bank/unclear/", bank_entries.list_unclear, name="bank_unclear"),
    path("bank/unclear.csv", bank_tables.export_unclear, name="bank_unclear_csv"),
    path("bank/entries/<int:entry_id>/", bank_entries.show, name="bank_entry"),
    path("bank/entries/<int:entry_id>/items/", bank_entries.clear_items, name="clear_items"),
    path("bank/entries/<int:entry_id>/other/", bank_entries.clear_other, name="clear_other"),
    path("bank/entries/<int:entry_id>/debit/", bank_entries.clear_debit, name="clear_debit"),
    path("bank/statuses/<int:status_id>/", bank_entries.show_status, name="bank_status"),
    path("bank/returns/", returned_debits.list_all, name="returned_debits"),
    path("bank/returns.csv", bank_tables.export_returns, name="returned_debits_csv"),
    path("bank/returns/new/", returned_debits.create, name="new_returned_debit"),
    path("bank/returns/<int:returned_id>/", returned_debits.show, name="returned_debit"),
    path("bank/reactions/", reactions.list_all, name="reactions"),
    path("bank/reactions.csv", bank_tables.export_reactions, name="reactions_csv"),
    path("bank/reactions/<slug:code>/", reactions.show, name="reaction"),
]
