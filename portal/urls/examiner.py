"""Addresses of claims: the examiners' part of the insurer's room.

The tabs of a claim are `examiner:<name>` with the claim's id; their names and order are in
`portal.views.examiner.frame.TABS`.
"""

from django.urls import URLPattern, path

from portal.views.examiner import case, cases, evidence, illness, notes, payments, work

app_name = "examiner"

_cases = [
    path("", cases.list_all, name="claims"),
    path("work/<slug:kind>/<int:subject>/", work.jump, name="work"),
    path("<int:claim_id>/", case.show, name="claim"),
    path("<int:claim_id>/why/<slug:what>/", case.explain, name="why"),
    path("<int:claim_id>/examiner/", case.assign, name="assign"),
    path("<int:claim_id>/checks/", case.clear, name="clear_check"),
    path("<int:claim_id>/letters/<int:document_id>/", case.send_letter, name="letter"),
]
_evidence = [
    path("new/", illness.find_person, name="find_person"),
    path("new/<int:person_id>/", illness.take_in, name="take_in"),
    path("<int:claim_id>/evidence/", evidence.show, name="evidence"),
    path("<int:claim_id>/evidence/certificate/", evidence.add, name="add_certificate"),
    path("<int:claim_id>/evidence/illness/", illness.another, name="another_illness"),
    path("<int:claim_id>/evidence/plan/", evidence.add_plan, name="add_plan"),
    path(
        "<int:claim_id>/evidence/certificates/<int:certificate_id>/withdraw/",
        evidence.withdraw_paper,
        name="withdraw_certificate",
    ),
    path(
        "<int:claim_id>/evidence/plans/<int:plan_id>/withdraw/",
        evidence.withdraw_plan,
        name="withdraw_plan",
    ),
    path(
        "<int:claim_id>/evidence/illnesses/<int:leave_id>/withdraw/",
        evidence.withdraw_illness,
        name="withdraw_illness",
    ),
    path(
        "<int:claim_id>/evidence/illnesses/<int:leave_id>/relapse/",
        illness.relapse,
        name="relapse",
    ),
    path("<int:claim_id>/notes/", notes.show, name="notes"),
]
_payments = [
    path("<int:claim_id>/payments/", payments.show, name="payments"),
    path("<int:claim_id>/payments/recover/", payments.recover, name="recover"),
    path(
        "<int:claim_id>/payments/recoveries/<int:recovery_id>/",
        payments.change_way,
        name="change_recovery",
    ),
]
urlpatterns: list[URLPattern] = [*_cases, *_evidence, *_payments]
