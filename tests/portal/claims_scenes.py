"""Constructed claims in the states a claim can be in, made by real operations.

For tests, pictures and the crawl. Days lie relative to the day the world was built for.
"""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from aupolicy.kernel.period import Period
from aupolicy.models import User
from claims.facts import (
    CertificateSource,
    Channel,
    DecisionKind,
    DecisionStatus,
    ReasonCode,
)
from claims.models import Claim, SickLeave
from claims.operations.arrange import arrange_claims
from claims.operations.certificates import add_certificate
from claims.operations.decisions import DecisionDraft, approve_decision, decide
from claims.operations.holds import hold_benefit
from claims.operations.leaves import report_leave
from claims.operations.reintegration import ReintegrationStep, record_reintegration
from claims.operations.relapses import link_relapse
from members.models import Person
from tests.portal.world import World

DAY = timedelta(days=1)


def build_claims(world: World, people: dict[str, User]) -> dict[str, Claim]:
    """Claims by what they show, of people of the large employer."""
    today, start = world.today, world.first_month.first_day
    examiner = people["examiner"]
    scenes = _Scenes(world, examiner)
    scenes.report("reported", 1021, today - 3 * DAY, channel=Channel.EMPLOYER, user=people["hr"])
    scenes.sick("deferral", 1022, today - 20 * DAY, today + 7 * DAY)
    scenes.sick("to_examine", 1023, start + 5 * DAY, today + 12 * DAY)
    gap = scenes.sick("gap", 1024, start, start + 19 * DAY)
    scenes.certify(gap, start + 24 * DAY, today + 5 * DAY)
    first = scenes.sick("first_illness", 1025, start, start + 20 * DAY)
    relapse = scenes.sick("relapse", 1025, today - 30 * DAY, today + 5 * DAY)
    link_relapse(sick_leave=relapse, first=first, user=examiner, now=_at(today))
    plan = scenes.sick("plan", 1026, start, today - 4 * DAY)
    record_reintegration(
        sick_leave=plan,
        period=Period(today - 3 * DAY, today + 24 * DAY),
        daily_hours=Decimal("7.5"),
        steps=[
            ReintegrationStep(today - 3 * DAY, Decimal(2)),
            ReintegrationStep(today + 11 * DAY, Decimal("5.5")),
        ],
        user=examiner,
        now=_at(today),
    )
    scenes.sick("merged", 1027, start + 3 * DAY, start + 40 * DAY)
    scenes.sick("joined", 1027, start + 38 * DAY, today + 3 * DAY)
    scenes.sick("not_insured", 1028, start - 8 * DAY, today + 3 * DAY)
    _decide(scenes, people)
    arrange_claims(person_ids=scenes.person_ids, today=today, now=_at(today))
    return scenes.claims()


def _decide(scenes: "_Scenes", people: dict[str, User]) -> None:
    """Claims about which something was decided, each by the examiner."""
    today, start = scenes.world.today, scenes.world.first_month.first_day
    examiner, second, now = people["examiner"], people["examiner2"], _at(scenes.world.today)
    grant = DecisionDraft(DecisionKind.GRANT)
    refusal = DecisionDraft(
        DecisionKind.REFUSE,
        reason_code=ReasonCode.NO_EVIDENCE,
        reason="Trotz zweier Erinnerungen liegt uns kein Nachweis vor.",
    )
    for name, number, last, draft in (
        ("paying", 1029, today + 20 * DAY, grant),
        ("evidence_missing", 1030, today - 9 * DAY, grant),
        ("held", 1031, today + 20 * DAY, grant),
        ("ended", 1032, today - 6 * DAY, grant),
        ("approval", 1033, today + 2 * DAY, refusal),
        ("refused", 1034, today + 2 * DAY, refusal),
    ):
        scenes.sick(name, number, start, last)
        decision = decide(claim=scenes.claims()[name], draft=draft, user=examiner, now=now)
        # Much due at once needs the second person as well.
        if decision.status == DecisionStatus.PROPOSED.value and name != "approval":
            approve_decision(decision=decision, user=second, note="Geprüft.", now=now)
    held = scenes.claims()
    hold_benefit(
        claim=held["held"],
        first_day=today - 10 * DAY,
        percent=50,
        reason="Eine Rückfrage beim Arbeitgeber ist offen.",
        review_on=today + 7 * DAY,
        user=examiner,
        now=now,
    )
    end = DecisionDraft(
        DecisionKind.END, last_day=today - 6 * DAY, reason_code=ReasonCode.RECOVERED
    )
    decide(claim=held["ended"], draft=end, user=examiner, now=now)


class _Scenes:
    """Leaves by their scene's name."""

    def __init__(self, world: World, examiner: User) -> None:
        self.world, self.examiner = world, examiner
        self.leaves: dict[str, SickLeave] = {}
        self.claim_ids: dict[str, int] = {}

    def report(
        self, name: str, number: int, first: date, *, channel: Channel, user: User
    ) -> SickLeave:
        """A leave that was reported and nothing more."""
        person = Person.objects.get(
            employer=self.world.contract.employer_id, personnel_number=str(number)
        )
        leave = report_leave(
            person=person,
            first_day=first,
            expected_last_day=first + 14 * DAY,
            channel=channel,
            user=user,
            new_illness=True,
            now=_at(first + DAY),
        ).sick_leave
        self.leaves[name], self.claim_ids[name] = leave, leave.claim_id
        return leave

    def sick(self, name: str, number: int, first: date, last: date) -> SickLeave:
        """A leave that is certified through a day, by a certificate a month."""
        leave = self.report(name, number, first, channel=Channel.EXAMINER, user=self.examiner)
        self.certify(leave, first, last)
        return leave

    def certify(self, leave: SickLeave, first: date, last: date) -> None:
        """Certificates of at most 28 days each that adjoin."""
        while first <= last:
            end = min(last, first + 27 * DAY)
            add_certificate(
                sick_leave=leave,
                period=Period(first, end),
                is_follow_up=first != leave.first_day,
                established_on=min(first, self.world.today),
                accident=False,
                source=CertificateSource.PAPER,
                channel=Channel.EXAMINER,
                user=self.examiner,
                now=_at(min(first + DAY, self.world.today)),
            )
            first = end + DAY

    @property
    def person_ids(self) -> list[int]:
        """Everybody who fell ill."""
        return [leave.person_id for leave in self.leaves.values()]

    def claims(self) -> dict[str, Claim]:
        """The claims as they were opened, by the names of their scenes."""
        return {name: Claim.objects.get(pk=key) for name, key in self.claim_ids.items()}


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9, 15), tzinfo=UTC)
