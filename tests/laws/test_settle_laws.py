"""Whatever happens to claims: no day is paid twice, and what counts is what is owed."""

import os
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aupolicy.kernel.period import ONE_DAY, Period
from aupolicy.models import User
from claims.facts import CertificateSource, Channel, DecisionKind, DecisionStatus, ReasonCode
from claims.models import BenefitSlice, Certificate, Claim, Decision, Hold, SickLeave
from claims.operations.certificates import add_certificate, withdraw_certificate
from claims.operations.decisions import DecisionDraft, approve_decision, decide
from claims.operations.holds import hold_benefit, lift_hold
from claims.operations.leaves import report_leave, withdraw_leave
from claims.operations.settle import SettleReport, settle_people
from claims.queries.facts import get_entitlements, load_people
from claims.rules.replay import replay_slice
from members.models import Person
from tests.claims.world import at, insure, make_contract, make_examiner
from tests.laws.world import rolled_back

pytestmark = pytest.mark.django_db
TIMES = int(os.environ.get("LAWS", "1"))
law = settings(
    deadline=None,
    derandomize=TIMES == 1,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
BEGIN = date(2025, 1, 1)
# Every event happens on this day, so that everything before may be paid.
NOW = date(2026, 1, 10)
LAST = date(2025, 12, 31)
EXCLUSIONS = ("ADDICTION", "EXTREME_SPORTS")
# What happens, to which of the rows there are, a day counted from the first, and a length.
Event = tuple[str, int, int, int]


@dataclass(slots=True)
class Case:
    """A person with two examiners; each event picks a row by its number, if there is one."""

    person: Person
    first: User
    second: User
    settled: list[SettleReport] = field(default_factory=list)

    def play(self, event: Event) -> None:
        """Let something happen; what the product refuses changes nothing."""
        kind, pick, day, length = event
        begins = BEGIN + timedelta(days=day)
        with suppress(ValueError):
            getattr(self, kind)(pick, Period(begins, begins + timedelta(days=length)))

    def report(self, pick: int, period: Period) -> None:
        report_leave(
            person=self.person,
            first_day=period.first_day,
            channel=Channel.EXAMINER,
            user=self.first,
            certificate=period,
            new_illness=pick % 2 == 0,
            now=at(NOW),
        )

    def certify(self, pick: int, period: Period) -> None:
        leave = self._pick(SickLeave, pick, withdrawn_at=None)
        add_certificate(
            sick_leave=leave,
            period=period,
            is_follow_up=True,
            established_on=None,
            accident=False,
            source=CertificateSource.PAPER,
            channel=Channel.EXAMINER,
            user=self.first,
            now=at(NOW),
        )

    def withdraw(self, pick: int, _period: Period) -> None:
        if pick % 3 == 0:
            leave = self._pick(SickLeave, pick, withdrawn_at=None)
            withdraw_leave(sick_leave=leave, channel=Channel.EXAMINER, user=self.first, now=at(NOW))
        else:
            paper = self._pick(Certificate, pick, withdrawn_at=None)
            withdraw_certificate(certificate=paper, user=self.first, now=at(NOW))

    def grant(self, pick: int, _period: Period) -> None:
        self._decide(pick, DecisionDraft(DecisionKind.GRANT))

    def part(self, pick: int, period: Period) -> None:
        self._decide(pick, self._draft(DecisionKind.PARTLY_GRANT, period))

    def end(self, pick: int, period: Period) -> None:
        self._decide(pick, self._draft(DecisionKind.END, period))

    def refuse(self, pick: int, _period: Period) -> None:
        self._decide(pick, self._draft(DecisionKind.REFUSE, None))

    def reopen(self, pick: int, _period: Period) -> None:
        self._decide(pick, DecisionDraft(DecisionKind.REOPEN, reason="Neue Nachweise."))

    def exclude(self, pick: int, period: Period) -> None:
        leave = self._pick(SickLeave, pick, withdrawn_at=None)
        lifts = period.first_day.day % 2 == 0
        draft = DecisionDraft(
            DecisionKind.LIFT_EXCLUSION if lifts else DecisionKind.EXCLUDE,
            sick_leave_id=leave.pk,
            exclusion="" if lifts else EXCLUSIONS[pick % 2],
            reason="So steht es in den Unterlagen.",
        )
        self._make(leave.claim, draft)

    def hold(self, pick: int, period: Period) -> None:
        hold_benefit(
            claim=self._pick(Claim, pick),
            first_day=period.first_day,
            last_day=period.last_day,
            percent=pick * 13 % 100,
            reason="Eine Rückfrage ist offen.",
            review_on=NOW,
            user=self.first,
            now=at(NOW),
        )

    def lift(self, pick: int, _period: Period) -> None:
        lift_hold(hold=self._pick(Hold, pick, lifted_at=None), user=self.first, now=at(NOW))

    def settle(self, pick: int, period: Period) -> None:
        """Through any day, as a run of an earlier month would."""
        through = min(period.first_day, LAST) if pick % 2 else LAST
        self.settled.append(self.settle_through(through))

    def settle_through(self, day: date) -> SettleReport:
        return settle_people(
            person_ids=[self.person.pk], as_of=day, user=None, reason="Gesetz", now=at(NOW)
        )

    def _draft(self, kind: DecisionKind, period: Period | None) -> DecisionDraft:
        return DecisionDraft(
            kind,
            first_day=period.first_day if period else None,
            last_day=period.last_day if period else None,
            reason_code=ReasonCode.NO_EVIDENCE,
            reason="So weit ist es belegt.",
        )

    def _decide(self, pick: int, draft: DecisionDraft) -> None:
        self._make(self._pick(Claim, pick), draft)

    def _make(self, claim: Claim, draft: DecisionDraft) -> Decision:
        decision = decide(claim=claim, draft=draft, user=self.first, now=at(NOW))
        if decision.status == DecisionStatus.PROPOSED:
            approve_decision(decision=decision, user=self.second, now=at(NOW))
        return decision

    def _pick(self, model: Any, pick: int, **narrowed: None) -> Any:
        """One of the person's rows; ValueError where there is none."""
        rows = list(model.objects.filter(**narrowed).order_by("pk"))
        if not rows:
            raise ValueError("nothing to pick")
        return rows[pick % len(rows)]


def count_days(slices: list[BenefitSlice]) -> list[date]:
    days = []
    for each in slices:
        for period in each.payable:
            days += [period.first_day + number * ONE_DAY for number in range(period.days or 0)]
    return days


KINDS = (
    "report", "certify", "certify", "withdraw", "grant", "grant", "part", "end", "refuse",
    "reopen", "exclude", "hold", "lift", "settle",
)  # fmt: skip
events = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.integers(0, 7),
        st.integers(0, 330),
        st.integers(0, 120),
    ),
    min_size=3,
    max_size=14,
)


@settings(law, max_examples=12 * TIMES)
@given(story=events)
def test_what_counts_is_what_is_owed_and_no_day_is_paid_twice(story: list[Event]) -> None:
    with rolled_back():
        contract = make_contract()
        case = Case(insure(contract), make_examiner("vera"), make_examiner("otto"))
        # Most stories begin with somebody who is ill for long.
        for event in (("report", 0, 10, 100), ("grant", 0, 0, 0), *story):
            case.play(event)
        case.settle_through(LAST)
        again = case.settle_through(LAST)
        assert (again.created, again.cancelled, again.amount) == (0, 0, Decimal(0))
        slices = list(BenefitSlice.objects.filter(cancelled_at=None))
        days = count_days(slices)
        assert len(days) == len(set(days))
        facts = load_people([case.person.pk])
        owed = sum(
            (each.entitlement.total for known in facts.values()
             for each in get_entitlements(known, as_of=LAST)),
            start=Decimal(0),
        )  # fmt: skip
        later = sum((each.amount for each in slices if each.month > LAST), start=Decimal(0))
        assert sum((each.amount for each in slices), start=Decimal(0)) - later == owed
        for each in slices:
            replayed = replay_slice(parts=each.parts, terms=each.terms)
            assert (replayed.days, replayed.amount) == (each.days, each.amount)
