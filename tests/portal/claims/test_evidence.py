"""Changing the evidence of claims by the examiners' forms, and being told what changed."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.test import Client

from claims.models import Certificate, Claim, ClaimNote, Reintegration, SickLeave
from tests.portal.conftest import Insurer

DAY = timedelta(days=1)


def _said(client: Client, address: str, data: Mapping[str, object]) -> str:
    """What the page after a form says."""
    answer = client.post(address, data, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return " ".join(str(message) for message in answer.context["messages"])


def test_a_certificate_tells_how_far_it_reaches(
    insurer: Insurer, claims: dict[str, Claim], examiner: Client
) -> None:
    claim, today = claims["deferral"], insurer.world.today
    leave = claim.sick_leaves.get()
    first, last = today + 8 * DAY, today + 40 * DAY
    said = _said(
        examiner,
        f"/claims/{claim.pk}/evidence/certificate/",
        {"sick_leave": leave.pk, "first_day": f"{first:%d.%m.%Y}", "last_day": last.isoformat(),
         "is_follow_up": "on", "source": "PAPER"},
    )  # fmt: skip
    begins = leave.first_day + 42 * DAY
    assert f"Leistung ab {begins:%d.%m.%Y}." in said
    earlier = today + 7 * DAY
    assert f"Bescheinigt bis {last:%d.%m.%Y} (bisher {earlier:%d.%m.%Y})." in said
    claim.refresh_from_db()
    assert (claim.benefit_from, claim.certified_until) == (begins, last)
    paper = Certificate.objects.latest("pk")
    assert (paper.channel, paper.recorded_by) == ("EXAMINER", insurer.people["examiner"])


def test_a_certificate_before_the_leave_is_refused_with_words(
    claims: dict[str, Claim], examiner: Client
) -> None:
    claim = claims["deferral"]
    leave = claim.sick_leaves.get()
    day = leave.first_day - 3 * DAY
    answer = examiner.post(
        f"/claims/{claim.pk}/evidence/certificate/",
        {"sick_leave": leave.pk, "first_day": day.isoformat(), "last_day": day.isoformat(),
         "source": "PAPER"},
    )  # fmt: skip
    assert answer.status_code == 400
    html = answer.content.decode()
    assert "beginnt vor dem ersten Tag der Arbeitsunfähigkeit" in html
    # What was typed stays.
    assert day.isoformat() in html


def test_taking_back_a_certificate_shows_and_tells_the_later_begin(
    claims: dict[str, Claim], examiner: Client, auditor: Client
) -> None:
    claim = claims["gap"]
    paper = Certificate.objects.filter(sick_leave__claim=claim).earliest("period")
    address = f"/claims/{claim.pk}/evidence/certificates/{paper.pk}/withdraw/"
    page = examiner.get(address)
    before, after = page.context["effect"].before, page.context["effect"].after
    assert before.first_benefit_day < after.first_benefit_day
    assert auditor.get(address).status_code == 403
    assert examiner.post(address, {}).status_code == 400
    said = _said(examiner, address, {"reason": "mistyped"})
    assert f"Leistung ab {after.first_benefit_day:%d.%m.%Y}" in said
    assert f"bisher {before.first_benefit_day:%d.%m.%Y}" in said
    assert "falsch erfasst" in ClaimNote.objects.latest("pk").text
    # What was taken back cannot be taken back again.
    assert examiner.get(address).status_code == 404


def test_taking_back_the_only_leave_leaves_nothing_certified(
    claims: dict[str, Claim], examiner: Client
) -> None:
    claim = claims["to_examine"]
    leave = claim.sick_leaves.get()
    address = f"/claims/{claim.pk}/evidence/illnesses/{leave.pk}/withdraw/"
    assert examiner.get(address).context["effect"].after is None
    said = _said(examiner, address, {"reason": "other_person"})
    assert "Kein Tag ist mehr bescheinigt." in said
    claim.refresh_from_db()
    assert claim.status == "ENDED"


def test_a_relapse_is_shown_before_it_is_undone_and_linked_again(
    claims: dict[str, Claim], examiner: Client
) -> None:
    claim = claims["relapse"]
    leave = claim.sick_leaves.get()
    address = f"/claims/{claim.pk}/evidence/illnesses/{leave.pk}/relapse/"
    unlinking = examiner.get(address).context["unlinking"]
    assert (unlinking.before.brought, unlinking.after.brought) == (21, 0)
    said = _said(examiner, address, {"action": "unlink"})
    assert "0 Tage derselben Krankheit zählen mit." in said
    (candidate,) = examiner.get(address).context["candidates"]
    assert candidate.effect.after.brought == 21
    assert candidate.effect.after == unlinking.before
    said = _said(examiner, address, {"first": candidate.leave.pk})
    assert "21 Tage derselben Krankheit zählen mit." in said
    leave.refresh_from_db()
    assert leave.same_illness_as == candidate.leave


def test_a_leave_of_somebody_else_is_no_relapse(claims: dict[str, Claim], examiner: Client) -> None:
    leave = claims["relapse"].sick_leaves.get()
    other = claims["plan"].sick_leaves.get()
    address = f"/claims/{leave.claim_id}/evidence/illnesses/{leave.pk}/relapse/"
    assert examiner.post(address, {"first": other.pk}).status_code == 404
    # Nor is a leave shown in a claim that it does not belong to.
    strange = f"/claims/{other.claim_id}/evidence/illnesses/{leave.pk}/relapse/"
    assert examiner.get(strange).status_code == 404


def test_a_plan_is_recorded_with_its_steps_and_given_up(
    insurer: Insurer, claims: dict[str, Claim], examiner: Client
) -> None:
    claim, today = claims["paying"], insurer.world.today
    leave = claim.sick_leaves.get()
    first, second, last = (today + days * DAY for days in (21, 28, 41))
    said = _said(
        examiner,
        f"/claims/{claim.pk}/evidence/plan/",
        {"sick_leave": leave.pk, "first_day": first.isoformat(), "last_day": last.isoformat(),
         "daily_hours": "7,5", "hours_1": "2", "from_2": second.isoformat(), "hours_2": "5,5"},
    )  # fmt: skip
    assert f"Bescheinigt bis {last:%d.%m.%Y}" in said
    plan = Reintegration.objects.latest("pk")
    assert [step["from"] for step in plan.steps] == [first.isoformat(), second.isoformat()]
    html = examiner.get(f"/claims/{claim.pk}/evidence/").content.decode()
    assert "5,5 Stunden" in html
    withdraw = f"/claims/{claim.pk}/evidence/plans/{plan.pk}/withdraw/"
    assert f"bisher {last:%d.%m.%Y}" in _said(examiner, withdraw, {"reason": "given_up"})


def test_a_step_without_hours_is_said_at_its_field(
    insurer: Insurer, claims: dict[str, Claim], examiner: Client
) -> None:
    claim, today = claims["paying"], insurer.world.today
    answer = examiner.post(
        f"/claims/{claim.pk}/evidence/plan/",
        {"sick_leave": claim.sick_leaves.get().pk, "first_day": today.isoformat(),
         "last_day": today.isoformat(), "daily_hours": "8", "hours_1": "2",
         "from_2": today.isoformat()},
    )  # fmt: skip
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["hours_2"]


def test_another_illness_that_overlaps_stays_in_the_claim(
    insurer: Insurer, claims: dict[str, Claim], examiner: Client
) -> None:
    claim, today = claims["plan"], insurer.world.today
    first = today - 10 * DAY
    said = _said(
        examiner,
        f"/claims/{claim.pk}/evidence/illness/",
        {"first_day": first.isoformat(), "last_day": (today + 60 * DAY).isoformat(),
         "source": "PAPER", "new_illness": "on"},
    )  # fmt: skip
    assert f"Bescheinigt bis {today + 60 * DAY:%d.%m.%Y}" in said
    assert claim.sick_leaves.filter(withdrawn_at=None).count() == 2


def test_a_leave_told_by_phone_is_taken_in_once(
    insurer: Insurer, claims: dict[str, Claim], examiner: Client
) -> None:
    today = insurer.world.today
    person = insurer.world.contract.memberships.get(person__personnel_number="1040").person
    found = examiner.get("/claims/new/", {"q": "1040"}).context["found"]
    assert [cover.person for cover in found.memberships] == [person]
    data = {"first_day": (today - 4 * DAY).isoformat(), "last_day": "", "source": "PAPER"}
    address = f"/claims/new/{person.pk}/"
    assert "Die Arbeitsunfähigkeit ist aufgenommen." in _said(examiner, address, data)
    assert "war schon gemeldet" in _said(examiner, address, data)
    leave = SickLeave.objects.get(person=person)
    assert (leave.channel, leave.claim.status) == ("EXAMINER", "REPORTED")
    future = {**data, "first_day": (today + DAY).isoformat()}
    answer = examiner.post(address, future)
    assert answer.status_code == 400
    assert "liegt in der Zukunft" in answer.content.decode()
    assert claims


@pytest.mark.parametrize(
    "address",
    ["certificate/", "plan/", "illness/", "illnesses/{leave}/relapse/",
     "illnesses/{leave}/withdraw/"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("name", "status"),
    [("auditor", 403), ("clerk", 403), ("hr", 404), ("broker", 404), ("stranger", 404)],
)
def test_only_examiners_change_evidence(
    name: str, status: int, address: str, insurer: Insurer, claims: dict[str, Claim]
) -> None:
    leave = claims["deferral"].sick_leaves.get()
    path = f"/claims/{leave.claim_id}/evidence/" + address.format(leave=leave.pk)
    client = Client(headers={"accept-language": "de"})
    client.force_login(insurer.people[name])
    assert client.get(path).status_code == status
    assert client.post(path, {}).status_code == status
