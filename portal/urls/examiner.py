"""Addresses of claims: the examiners' part of the insurer's room.

The tabs of a claim are `examiner:<name>` with the claim's id; their names and order are in
`portal.views.examiner.frame.TABS`.
"""

from django.urls import URLPattern, path

from portal.views.examiner import (
    assistance,
    benefit_runs,
    case,
    cases,
    decisions,
    evidence,
    illness,
    medical,
    notes,
    payments,
    person,
    requests,
    work,
)

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
    path("<int:claim_id>/payments/compute/", payments.compute_anew, name="compute_anew"),
    path(
        "<int:claim_id>/payments/recoveries/<int:recovery_id>/",
        payments.change_way,
        name="change_recovery",
    ),
]
_decisions = [
    path("<int:claim_id>/decisions/", decisions.show, name="decisions"),
    path("<int:claim_id>/decisions/new/<str:kind>/", decisions.make, name="decide"),
    path("approvals/<int:decision_id>/", decisions.approval, name="approval"),
    path("<int:claim_id>/holds/new/", decisions.hold, name="hold"),
    path("<int:claim_id>/holds/<int:hold_id>/lift/", decisions.lift, name="lift_hold"),
]
_requests = [
    path("<int:claim_id>/requests/", requests.show, name="requests"),
    path("<int:claim_id>/requests/new/", requests.ask, name="ask"),
    path("<int:claim_id>/requests/<int:request_id>/close/", requests.close, name="close_request"),
    path("<int:claim_id>/reviews/new/", requests.plan, name="plan_review"),
    path("reviews/<int:review_id>/", requests.review, name="review"),
]
_runs = [
    path("runs/", benefit_runs.show, name="benefit_runs"),
    path("runs/<int:run_id>/", benefit_runs.show_run, name="benefit_run"),
    path("runs/<int:run_id>/progress/", benefit_runs.progress, name="benefit_run_progress"),
]
_assistance = [
    path("assistance/", assistance.list_all, name="assistance_list"),
    path("assistance/providers/new/", assistance.edit_provider, name="new_provider"),
    path("assistance/providers/<int:provider_id>/", assistance.edit_provider, name="provider"),
    path("<int:claim_id>/assistance/", assistance.show, name="assistance"),
    path("<int:claim_id>/assistance/<int:case_id>/order/", assistance.order, name="order_service"),
    path(
        "<int:claim_id>/assistance/<int:case_id>/close/", assistance.close, name="close_assistance"
    ),
    path(
        "<int:claim_id>/assistance/orders/<int:order_id>/finish/",
        assistance.finish,
        name="finish_order",
    ),
    path(
        "<int:claim_id>/assistance/orders/<int:order_id>/cancel/",
        assistance.cancel,
        name="cancel_order",
    ),
]
_medical = [
    path("<int:claim_id>/medical/", medical.show, name="medical"),
    path("<int:claim_id>/medical/diagnosis/", medical.add_diagnosis, name="add_diagnosis"),
    path("<int:claim_id>/medical/note/", medical.add_note, name="add_medical_note"),
    path("<int:claim_id>/medical/paper/", medical.add_paper, name="add_paper"),
    path(
        "<int:claim_id>/medical/papers/<uuid:medical_id>/",
        medical.send_document,
        name="medical_document",
    ),
]
_person = [
    path("<int:claim_id>/person/", person.show, name="person"),
    path("<int:claim_id>/person/account/", person.add_account, name="add_account"),
    path(
        "<int:claim_id>/person/accounts/<int:payee_id>/confirm/",
        person.confirm_account,
        name="confirm_account",
    ),
    path("<int:claim_id>/person/link/", person.send_link, name="send_link"),
    path("<int:claim_id>/person/link/print/", person.print_link, name="print_link"),
    path("<int:claim_id>/person/link/revoke/", person.revoke_link, name="revoke_link"),
]
urlpatterns: list[URLPattern] = [
    *_cases,
    *_evidence,
    *_payments,
    *_decisions,
    *_requests,
    *_runs,
    *_assistance,
    *_medical,
    *_person,
]
