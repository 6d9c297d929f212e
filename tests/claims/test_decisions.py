"""Decisions: what each kind does, who must approve it, what is refused, and how it is replayed."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from aupolicy.models import GroupContract, User, WorkItem
from aupolicy.operations.default import end_default, record_default
from claims.facts import (
    CheckCode,
    CheckResult,
    ClaimStatus,
    DecisionKind,
    DecisionStatus,
    Finding,
    ReasonCode,
)
from claims.models import BenefitSlice, Claim, Decision, Review, SickLeave
from claims.operations.arrange import arrange_claims
from claims.operations.decisions import (
    DecisionDraft,
    UnableToDecide,
    approve_decision,
    decide,
    preview_approval,
    preview_decision,
    return_decision,
)
from claims.operations.holds import clear_check
from claims.queries.drafts import list_choices
from claims.rules.replay import replay_decision, replay_slice
from tests.claims.world import (
    at,
    certify,
    insure,
    leave_employment,
    make_user,
    sick,
)

pytestmark = pytest.mark.django_db

GRANT = DecisionDraft(DecisionKind.GRANT)
REFUSE = DecisionDraft(
    DecisionKind.REFUSE, reason_code=ReasonCode.NO_EVIDENCE, reason="Es fehlen Nachweise."
)
REOPEN = DecisionDraft(DecisionKind.REOPEN, reason="Die Nachweise sind da.")
# Three months are over: 189.83 + 335 + 335 EUR.
TODAY = "2025-05-06"


def end(last: str) -> DecisionDraft:
    return DecisionDraft(
        DecisionKind.END,
        last_day=date.fromisoformat(last),
        reason_code=ReasonCode.RECOVERED,
    )


@pytest.fixture
def leave(contract: GroupContract) -> SickLeave:
    """Sick from 1 January through 20 May 2025, benefit from 12 February: 335 EUR a month."""
    return sick(insure(contract), "2025-01-01", "2025-05-20")


@pytest.fixture
def claim(leave: SickLeave) -> Claim:
    return leave.claim


def make(claim: Claim, draft: DecisionDraft, user: User, on: str = TODAY, **more: Any) -> Decision:
    return decide(claim=claim, draft=draft, user=user, now=at(on), **more)


def approve(decision: Decision, user: User, on: str = TODAY) -> Decision:
    return approve_decision(decision=decision, user=user, note="geprüft", now=at(on))


def counted(claim: Claim) -> dict[str, Decimal]:
    rows = BenefitSlice.objects.filter(claim=claim, cancelled_at=None).order_by("month")
    return {f"{row.month:%Y-%m}": row.amount for row in rows}


def refused(claim: Claim, draft: DecisionDraft, user: User, **more: Any) -> UnableToDecide:
    with pytest.raises(UnableToDecide) as error:
        make(claim, draft, user, **more)
    return error.value


def exclude(leave: SickLeave, code: str = "ADDICTION") -> DecisionDraft:
    return DecisionDraft(
        DecisionKind.EXCLUDE,
        sick_leave_id=leave.pk,
        exclusion=code,
        reason_code=ReasonCode.EXCLUSION,
        reason="Ein Ausschluss der Bedingungen gilt.",
    )


def test_a_grant_below_the_threshold_takes_effect_at_once(claim: Claim, vera: User) -> None:
    shown = preview_decision(claim=claim, draft=GRANT, today=date(2025, 5, 6))
    assert not BenefitSlice.objects.exists()
    decision = make(claim, GRANT, vera)
    assert decision.status == DecisionStatus.EFFECTIVE
    assert (decision.period.first_day, decision.period.last_day) == (date(2025, 2, 12), None)
    assert decision.amount_at_once == shown.amount_at_once == Decimal("859.83")
    assert not decision.needs_second
    assert list(counted(claim).values()) == [each.amount for each in shown.slices_new]
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.PAYING
    review = Review.objects.get(claim=claim)
    assert review.due_on == date(2025, 5, 6) + timedelta(weeks=12)


def test_a_grant_above_the_threshold_waits_for_another_examiner(
    claim: Claim, vera: User, otto: User
) -> None:
    certify(claim.sick_leaves.get(), "2025-05-21", "2025-06-30")
    decision = make(claim, GRANT, vera, on="2025-07-03")
    assert decision.status == DecisionStatus.PROPOSED
    assert decision.amount_at_once == Decimal("1529.83")
    assert counted(claim) == {}
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.APPROVAL
    item = WorkItem.objects.get(kind=WorkItem.Kind.APPROVAL, done_at=None)
    assert (item.subject, item.title) == (decision.pk, f"{claim.number}: zweite Freigabe")
    assert refused(claim, GRANT, otto, on="2025-07-03").code == "ALREADY_PROPOSED"
    with pytest.raises(UnableToDecide, match="SAME_PERSON"):
        approve(decision, vera, "2025-07-03")
    approve(decision, otto, "2025-07-03")
    assert sum(counted(claim).values()) == Decimal("1529.83")
    item.refresh_from_db()
    assert item.done_by == otto
    with pytest.raises(UnableToDecide, match="NOT_PROPOSED"):
        approve(decision, otto, "2025-07-03")


def test_an_approval_sees_what_it_does_now(claim: Claim, vera: User, otto: User) -> None:
    certify(claim.sick_leaves.get(), "2025-05-21", "2025-06-30")
    decision = make(claim, GRANT, vera, on="2025-07-03")
    certify(claim.sick_leaves.get(), "2025-07-01", "2025-07-31")
    effect = preview_approval(decision=decision, today=date(2025, 8, 4))
    assert effect.amount_at_once == Decimal("1864.83")
    with pytest.raises(UnableToDecide, match="EFFECT_CHANGED"):
        approve_decision(
            decision=decision,
            user=otto,
            now=at("2025-08-04"),
            amount_seen=decision.amount_at_once,
        )
    approve_decision(
        decision=decision, user=otto, now=at("2025-08-04"), amount_seen=effect.amount_at_once
    )
    assert sum(counted(claim).values()) == effect.amount_at_once


def test_a_returned_decision_never_counted(claim: Claim, vera: User, otto: User) -> None:
    decision = make(claim, REFUSE, vera)
    with pytest.raises(UnableToDecide, match="NOTE_MISSING"):
        return_decision(decision=decision, user=otto, note=" ", now=at(TODAY))
    return_decision(decision=decision, user=otto, note="Bitte anfordern.", now=at(TODAY))
    decision.refresh_from_db()
    assert (decision.status, decision.second_by) == (DecisionStatus.RETURNED, otto)
    assert not WorkItem.objects.filter(kind=WorkItem.Kind.APPROVAL, done_at=None).exists()
    assert make(claim, GRANT, vera).status == DecisionStatus.EFFECTIVE


def test_who_proposed_may_take_it_back(claim: Claim, vera: User) -> None:
    decision = make(claim, REFUSE, vera)
    return_decision(decision=decision, user=vera, note="Irrtum", now=at(TODAY))
    decision.refresh_from_db()
    assert (decision.status, decision.second_by) == (DecisionStatus.RETURNED, None)


def test_a_refusal_always_needs_a_second_and_takes_back_what_was_paid(
    claim: Claim, vera: User, otto: User
) -> None:
    make(claim, GRANT, vera)
    decision = make(claim, REFUSE, vera)
    assert (decision.status, decision.amount_at_once) == ("PROPOSED", Decimal("-859.83"))
    assert len(counted(claim)) == 3
    approve(decision, otto)
    assert counted(claim) == {}
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.REFUSED
    for draft in (GRANT, REFUSE, end("2025-05-01")):
        assert refused(claim, draft, vera).code == "REOPEN_FIRST"


def test_reopening_a_refusal_needs_a_second_an_end_does_not(
    claim: Claim, vera: User, otto: User
) -> None:
    assert refused(claim, REOPEN, vera).code == "NOTHING_TO_REOPEN"
    make(claim, GRANT, vera)
    make(claim, end("2025-05-04"), vera)
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.ENDED
    assert counted(claim)["2025-05"] == Decimal("44.67")
    assert list_choices(claim=claim)[0] is DecisionKind.REOPEN
    assert make(claim, REOPEN, vera).status == DecisionStatus.EFFECTIVE
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.PAYING
    approve(make(claim, REFUSE, vera), otto)
    reopened = make(claim, REOPEN, vera)
    assert reopened.status == DecisionStatus.PROPOSED
    approve(reopened, otto)
    assert list_choices(claim=claim)[0] is DecisionKind.GRANT


def test_an_end_pays_through_its_last_day_and_nothing_after(claim: Claim, vera: User) -> None:
    assert refused(claim, end("2025-04-10"), vera).code == "NOTHING_TO_END"
    make(claim, GRANT, vera)
    for day in ("2025-02-11", "2025-05-21"):
        error = refused(claim, end(day), vera)
        assert (error.code, error.params) == (
            "DAY_OUTSIDE",
            {"first": "2025-02-12", "last": "2025-05-20"},
        )
    decision = make(claim, end("2025-04-10"), vera)
    assert decision.period.first_day == date(2025, 4, 11)
    assert decision.amount_at_once == Decimal("111.67") - Decimal("335.00")
    assert counted(claim)["2025-04"] == Decimal("111.67")


def test_a_part_has_a_limit_inside_of_the_leave_and_a_reason(claim: Claim, vera: User) -> None:
    def part(**days: Any) -> DecisionDraft:
        return DecisionDraft(
            DecisionKind.PARTLY_GRANT,
            reason_code=ReasonCode.NO_EVIDENCE,
            reason="Nur bis dahin ist es belegt.",
            **days,
        )

    assert refused(claim, part(), vera).code == "NO_LIMIT"
    assert refused(claim, part(first_day=date(2025, 2, 11)), vera).code == "DAY_OUTSIDE"
    assert refused(claim, part(last_day=date(2025, 5, 21)), vera).code == "DAY_OUTSIDE"
    bare = DecisionDraft(DecisionKind.PARTLY_GRANT, last_day=date(2025, 3, 31))
    assert refused(claim, bare, vera).code == "REASON_MISSING"
    make(claim, part(first_day=date(2025, 3, 1), last_day=date(2025, 3, 31)), vera)
    assert counted(claim) == {"2025-03": Decimal("335.00")}
    make(claim, GRANT, vera)
    assert len(counted(claim)) == 3
    assert refused(claim, GRANT, vera).code == "NOTHING_TO_GRANT"


def test_nothing_to_grant_within_the_deferral(contract: GroupContract, vera: User) -> None:
    claim = sick(insure(contract), "2025-04-01", "2025-05-05").claim
    assert refused(claim, GRANT, vera).code == "NOTHING_TO_GRANT"
    assert DecisionKind.GRANT not in list_choices(claim=claim)


@pytest.mark.parametrize(
    "draft",
    [
        DecisionDraft(DecisionKind.REFUSE, reason="Text ohne Grund."),
        DecisionDraft(DecisionKind.REFUSE, reason_code=ReasonCode.OTHER, reason="  "),
        DecisionDraft(DecisionKind.END, last_day=date(2025, 4, 1)),
        DecisionDraft(DecisionKind.END, last_day=date(2025, 4, 1), reason_code=ReasonCode.OTHER),
        DecisionDraft(DecisionKind.REOPEN),
        DecisionDraft(DecisionKind.EXCLUDE, exclusion="ADDICTION"),
    ],
)
def test_reasons_are_asked_for(draft: DecisionDraft, claim: Claim, vera: User) -> None:
    assert refused(claim, draft, vera).code == "REASON_MISSING"


def test_an_exclusion_is_found_later_and_lifted(leave: SickLeave, vera: User, otto: User) -> None:
    claim = leave.claim
    make(claim, GRANT, vera)
    assert refused(claim, exclude(leave, "BAD_LUCK"), vera).code == "EXCLUSION_UNKNOWN"
    stranger = sick(claim.person, "2025-12-01")
    assert refused(claim, exclude(stranger), vera).code == "LEAVE_UNKNOWN"
    lift = DecisionDraft(
        DecisionKind.LIFT_EXCLUSION, sick_leave_id=leave.pk, reason="Der Bericht liegt vor."
    )
    assert refused(claim, lift, vera).code == "NOT_EXCLUDED"
    decision = make(claim, exclude(leave), vera)
    assert decision.needs_second
    assert decision.terms["exclusion_text"]["de"].startswith("Arbeitsunfähigkeit infolge")
    approve(decision, otto)
    assert counted(claim) == {}
    assert refused(claim, exclude(leave), vera).code == "ALREADY_EXCLUDED"
    make(claim, lift, vera)
    assert sum(counted(claim).values()) == Decimal("859.83")


def test_a_failed_check_blocks_a_grant_until_it_is_cleared(claim: Claim, vera: User) -> None:
    default = CheckResult(CheckCode.PREMIUM_PAID, Finding.FAILED)
    error = refused(claim, GRANT, vera, checks=[default])
    assert (error.code, error.params) == ("CHECK_OPEN", {"checks": "PREMIUM_PAID"})
    clear_check(
        claim=claim,
        code=CheckCode.PREMIUM_PAID,
        reason="Die Frist war noch nicht gesetzt.",
        user=vera,
        now=at(TODAY),
    )
    assert make(claim, GRANT, vera, checks=[default]).status == DecisionStatus.EFFECTIVE


def test_nothing_is_granted_to_who_fell_ill_during_default(claim: Claim, vera: User) -> None:
    """§ 38 (2) VVG, whoever decides and whatever else was looked at."""
    onset = claim.sick_leaves.earliest("first_day").first_day
    default = record_default(contract=claim.contract, basis="38", first_day=onset, now=at(TODAY))
    error = refused(claim, GRANT, vera)
    assert (error.code, error.params) == ("CHECK_OPEN", {"checks": "PREMIUM_PAID"})
    end_default(contract=claim.contract, paid_on=onset, now=at(TODAY))
    default.refresh_from_db()
    assert default.withdrawn_at is not None
    assert make(claim, GRANT, vera).status == DecisionStatus.EFFECTIVE


def test_who_was_ill_before_default_keeps_the_claim(claim: Claim, vera: User) -> None:
    onset = claim.sick_leaves.earliest("first_day").first_day
    record_default(
        contract=claim.contract, basis="38", first_day=onset + timedelta(days=1), now=at(TODAY)
    )
    assert make(claim, GRANT, vera).status == DecisionStatus.EFFECTIVE


def test_a_claim_that_was_never_insured_fails_its_checks(
    contract: GroupContract, vera: User
) -> None:
    person = insure(contract, since="2025-01-01", until="2025-01-31")
    claim = sick(person, "2025-02-10", "2025-05-20").claim
    assert refused(claim, GRANT, vera).code in {"CHECK_OPEN", "NOTHING_TO_GRANT"}
    assert make(claim, REFUSE, vera).status == DecisionStatus.PROPOSED


def test_a_reason_that_looks_like_health_data_has_to_be_confirmed(claim: Claim, vera: User) -> None:
    draft = DecisionDraft(
        DecisionKind.REFUSE, reason_code=ReasonCode.OTHER, reason="Diagnose F10.2 liegt vor."
    )
    error = refused(claim, draft, vera)
    assert (error.code, error.params) == ("MEDICAL_TEXT", {})
    assert make(claim, draft, vera, confirmed=True).reason == draft.reason


def test_only_examiners_decide(claim: Claim, vera: User) -> None:
    clerk = make_user("karl")
    assert refused(claim, GRANT, clerk).code == "NOT_EXAMINER"
    decision = make(claim, REFUSE, vera)
    with pytest.raises(UnableToDecide, match="NOT_EXAMINER"):
        approve(decision, clerk)
    with pytest.raises(UnableToDecide, match="NOT_EXAMINER"):
        return_decision(decision=decision, user=clerk, note="nein", now=at(TODAY))


def test_an_empty_claim_has_nothing_to_decide(leave: SickLeave, vera: User) -> None:
    leave.withdrawn_at = at(TODAY)
    leave.save()
    assert refused(leave.claim, GRANT, vera).code == "CLAIM_EMPTY"
    assert list_choices(claim=leave.claim) == ()


def test_the_database_wants_two_people(claim: Claim, vera: User, otto: User) -> None:
    decision = make(claim, REFUSE, vera)
    rows = Decision.objects.filter(pk=decision.pk)
    for change in (
        {"status": "EFFECTIVE"},
        {"status": "EFFECTIVE", "second_by": vera},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    changes: list[dict[str, Any]] = [{"needs_second": False}, {"terms": {}}, {"reason": ""}]
    for changed in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**changed)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()


def test_an_old_decision_is_replayed_from_what_it_says(
    contract: GroupContract, leave: SickLeave, vera: User, otto: User
) -> None:
    claim = leave.claim
    granted = make(claim, GRANT, vera)
    ended = make(claim, end("2025-04-10"), vera)
    # Everything changes afterwards; what was decided stays explained.
    leave_employment(contract, claim.person, "2025-03-31")
    certify(leave, "2025-05-21", "2025-06-30")
    arrange_claims(person_ids=[claim.person_id], today=date(2025, 7, 1), now=at("2025-07-01"))
    for decision, amount in ((granted, "859.83"), (ended, "-223.33")):
        decision.refresh_from_db()
        assert replay_decision(decision.terms) == decision.amount_at_once == Decimal(amount)
    terms = granted.terms
    assert terms["first_benefit_day"] == "2025-02-12"
    assert (terms["sum"], terms["pay"], terms["band"]) == ("335.00", "2400.00", 4)
    assert [piece["state"] for piece in terms["pieces"]] == ["DEFERRAL", "PAID"]
    for each in terms["new"]:
        replayed = replay_slice(parts=each["parts"], terms=each["terms"])
        assert str(replayed.amount) == each["amount"]
