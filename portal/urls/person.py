"""Addresses of the insured person's own page, opened with a link and a PIN."""

from django.urls import URLPattern, path

from portal.views.person import assistance, documents, given, records, start

app_name = "person"

urlpatterns: list[URLPattern] = [
    path("", start.show, name="start"),
    path("pin/", start.enter_pin, name="pin"),
    path("leave/", start.leave, name="leave"),
    path("documents/", documents.upload, name="documents"),
    path("account/", given.give_account_data, name="account"),
    path("consents/", given.declare, name="consents"),
    path("contact/", given.give_contact, name="contact"),
    path("days/", records.show_days, name="days"),
    path("payments/", records.show_payments, name="payments"),
    path("letters/<int:document_id>/", records.send_letter, name="letter"),
    path("reads/", records.show_reads, name="reads"),
    path("assistance/", assistance.show, name="assistance"),
    path("assistance/<int:case_id>/feedback/", assistance.take_feedback, name="feedback"),
]
