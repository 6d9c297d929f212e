"""The claims of the demonstration: one more employer, whose people have been ill for months.

It is insured and billed for the past year by the same operations as in earnest; then leaves are
reported, certified, examined and paid, each on the day it would have happened.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aupolicy.kernel.bank_calendar import next_target_day
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import ONE_DAY, Period
from aupolicy.models import GroupContract, Role, User
from billing.operations import create_collections, fill_slice, post_run, start_run
from billing.operations.collection_release import release_collection
from billing.operations.contracts import record_contract
from billing.operations.payouts import create_order, release_order
from billing.parsing.contract_file import parse_contracts
from billing.queries.creditor import get_creditor
from claims.facts import (
    AssistanceKind,
    CertificateSource,
    Channel,
    DecisionKind,
    ReasonCode,
)
from claims.models import Claim, PersonLink, SickLeave
from claims.operations.assistance import open_case, order_service, save_provider
from claims.operations.claimant import check_account, give_account, give_consent, save_contact
from claims.operations.daily import look_after_claims
from claims.operations.decisions import DecisionDraft, decide
from claims.operations.leaves import (
    ReintegrationStep,
    add_certificate,
    link_relapse,
    record_reintegration,
    report_leave,
)
from claims.operations.links import create_link
from claims.operations.runs import finish_run, start_benefit_run
from claims.queries.parameters import list_consents
from config.demonstration import EXAMPLES, insure
from config.demonstration_rooms import SignIn, provide_sign_ins
from documents.operations.claims import issue_due_letters
from members.models import Person

_NUMBER = "BAU-100004"
_MONTHS_INSURED = 13
# The run that bills the past of this employer alone; months are billed by the ordinary run then.
_OPENING_RUN = "opening"
_IBANS = ("DE02120300000000202051", "DE02500105170137075030", "DE88100900001234567892")
_DAILY_HOURS = Decimal("7.80")

SIGN_INS = (
    SignIn("leistung", "Vera", "Lindqvist", (Role.EXAMINER,),
           _("Leistungsprüfung: Fälle in jedem Zustand")),
    SignIn("leistung2", "Amir", "Rahimi", (Role.EXAMINER,),
           _("Leistungsprüfung: eine Ablehnung wartet auf die zweite Freigabe")),
    SignIn("finanzen", "Doris", "Kraft", (Role.FINANCE,),
           _("Finanzen: Einzüge und Auszahlungen freigeben; eine Ausbuchung wartet")),
    SignIn("kasse", "Elif", "Arslan", (Role.FINANCE,),
           _("Finanzen: Einzüge und Auszahlungen anlegen; zwei Zahlungseingänge sind unklar")),
    SignIn("gaertnerei", "Frauke", "Lindner", (Role.EMPLOYER_ADMIN,),
           _("Gärtnerei Grünblick GmbH: meldet Arbeitsunfähigkeiten"), _NUMBER),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Stage:
    """Who acts, for which contract, and the day it is today."""

    contract: GroupContract
    people: dict[str, User]
    today: date

    @property
    def decided_on(self) -> date:
        """The tenth of last month: whatever was granted then has been paid once already."""
        return Month.of(self.today).plus(-1).first_day + timedelta(days=9)

    @property
    def examiner(self) -> User:
        """Who decides."""
        return self.people["leistung"]

    def at(self, day: date) -> datetime:
        """Ten o'clock of a day; nothing happens later than now."""
        return min(_at(day), timezone.now())


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))


def furnish_claims(by_name: dict[str, User], today: date, folder: Path) -> int:
    """Everything about claims that is not there yet; returns how many things are new.

    The link of one insured person is written into `folder`: nobody can find it out later.
    """
    if GroupContract.objects.filter(number=_NUMBER).exists():
        return 0
    contract = _agree(today)
    provide_sign_ins(SIGN_INS, {_NUMBER: contract}, contract.period.first_day)
    _bill(contract, today)
    people = by_name | {each.name: User.objects.get(username=each.name) for each in SIGN_INS}
    stage = _Stage(contract, people, today)
    for play in _SCENES:
        play(stage)
    _pay(stage)
    look_after_claims(today=today, now=stage.at(today))
    _write_link(stage, folder)
    while issue_due_letters(now=timezone.now()).issued:
        pass
    return 1


def _agree(today: date) -> GroupContract:
    """The contract, signed a year ago, with its payroll."""
    start = Month.of(today).plus(-_MONTHS_INSURED)
    (entry,) = parse_contracts((EXAMPLES / "claims.yaml").read_bytes()).entries
    contract = record_contract(
        entry,
        broker=None,
        start=start.first_day,
        signed_on=start.first_day,
        creditor_identifier=settings.INSURER["creditor_identifier"],
    )
    insure(contract, entry.payroll, start.first_day, received_at=_at(start.first_day))
    return contract


def _bill(contract: GroupContract, today: date) -> None:
    """Every month billed, collected and released."""
    releaser = User.objects.get(username="kasse")
    for month in Month.of(contract.period.first_day).through(Month.of(today)):
        now = _at(month.first_day)
        run = start_run(month=month, now=now, kind=_OPENING_RUN, contracts=[contract], post=True)
        while fill_slice(run=run, now=now):
            pass
        post_run(run=run, now=now)
        due = next_target_day(month.first_day + timedelta(days=14))
        report = create_collections(due=due, now=now, creditor=get_creditor())
        for collection in report.created:
            release_collection(collection=collection, user=releaser, now=now)


def _report(stage: _Stage, number: str, first: date, *until: date) -> SickLeave:
    """A leave that the employer reports, certified from each day on until the next."""
    person = Person.objects.get(employer=stage.contract.employer, personnel_number=number)
    leave = report_leave(
        person=person,
        first_day=first,
        channel=Channel.EMPLOYER,
        user=stage.people["gaertnerei"],
        new_illness=True,
        now=stage.at(first + ONE_DAY),
    ).sick_leave
    begins = first
    for last in until:
        add_certificate(
            sick_leave=leave,
            period=Period(begins, last),
            is_follow_up=begins > first,
            established_on=begins,
            accident=False,
            source=CertificateSource.PAPER,
            channel=Channel.EXAMINER,
            user=stage.examiner,
            now=stage.at(begins + ONE_DAY),
        )
        begins = last + ONE_DAY
    leave.refresh_from_db()
    return leave


def _identify(stage: _Stage, claim: Claim, iban: str, day: date, *, checked: bool = True) -> None:
    """The person gives account, address and consents; an examiner checks the account."""
    person, now = claim.person, stage.at(day)
    holder = f"{person.first_name} {person.last_name}"
    payee = give_account(
        claim=claim,
        holder=holder,
        iban=iban,
        first_day=day,
        channel=Channel.PERSON,
        user=None,
        now=now,
    )
    for consent in list_consents():
        give_consent(
            claim=claim,
            kind=consent.kind,
            language="de",
            name=holder,
            channel=Channel.PERSON,
            user=None,
            now=now,
        )
    save_contact(
        claim=claim,
        street="Musterweg 4",
        postal_code="24937",
        town="Musterburg",
        email=f"person{person.personnel_number}@example.org",
        user=None,
        now=now,
    )
    if checked:
        check_account(payee=payee, user=stage.people["leistung2"], now=now)


def _grant(stage: _Stage, claim: Claim) -> None:
    decide(
        claim=claim,
        draft=DecisionDraft(kind=DecisionKind.GRANT),
        user=stage.examiner,
        now=stage.at(stage.decided_on),
    )


def _granted(stage: _Stage, number: str, iban: str, first: date, *until: date) -> SickLeave:
    leave = _report(stage, number, first, *until)
    _identify(stage, leave.claim, iban, stage.decided_on)
    _grant(stage, leave.claim)
    return leave


def _long_illness(stage: _Stage) -> None:
    """Ill for five months, paid, certified for some more days."""
    first = stage.decided_on - timedelta(days=110)
    months = [first + timedelta(days=30 * number) for number in range(1, 5)]
    leave = _granted(stage, "301", _IBANS[0], first, *months, stage.today + timedelta(days=12))
    shopping = open_case(
        claim=leave.claim,
        kind=AssistanceKind.SHOPPING,
        wish="Einkauf einmal in der Woche, freitags",
        channel=Channel.PERSON,
        user=None,
        now=stage.at(first + timedelta(days=5)),
    )
    provider = save_provider(
        provider=None,
        name="Einkaufsdienst Beispielstadt",
        kinds=[AssistanceKind.SHOPPING, AssistanceKind.MEALS],
        region="Musterburg und Umgebung",
        phone="0000 123456",
        email="auftrag@example.com",
        active=True,
    )
    order_service(
        case=shopping,
        provider=provider,
        service_on=first + timedelta(days=9),
        what="Wocheneinkauf mit Lieferung",
        agreed_cost=Decimal("24.50"),
        user=stage.examiner,
        now=stage.at(first + timedelta(days=6)),
    )


def _back_step_by_step(stage: _Stage) -> None:
    """Granted; a reintegration plan runs."""
    begins = stage.today - timedelta(days=14)
    leave = _granted(
        stage, "304", _IBANS[1], stage.decided_on - timedelta(days=75), begins - ONE_DAY
    )
    record_reintegration(
        sick_leave=leave,
        period=Period(begins, begins + timedelta(days=41)),
        daily_hours=_DAILY_HOURS,
        steps=[
            ReintegrationStep(begins, Decimal(2)),
            ReintegrationStep(begins + timedelta(days=14), Decimal(4)),
            ReintegrationStep(begins + timedelta(days=28), Decimal(6)),
        ],
        user=stage.examiner,
        now=stage.at(begins),
    )


def _paper_missing(stage: _Stage) -> None:
    """Granted; the last certificate ended ten days ago."""
    first = stage.decided_on - timedelta(days=60)
    _granted(stage, "312", _IBANS[2], first, stage.today - timedelta(days=10))


def _to_examine(stage: _Stage) -> None:
    """Day 43 was a week ago and nobody has decided; the account is to be checked."""
    first = stage.today - timedelta(days=49)
    leave = _report(stage, "307", first, stage.today + timedelta(days=6))
    _identify(stage, leave.claim, _IBANS[0], stage.today - ONE_DAY, checked=False)


def _in_deferral(stage: _Stage) -> None:
    """Ill for three weeks."""
    first = stage.today - timedelta(days=20)
    _report(stage, "309", first, stage.today + timedelta(days=3))


def _relapse(stage: _Stage) -> None:
    """The same illness again: 28 days were counted before."""
    earlier = stage.today - timedelta(days=140)
    first_leave = _report(stage, "311", earlier, earlier + timedelta(days=27))
    again = stage.today - timedelta(days=18)
    leave = _report(stage, "311", again, stage.today + timedelta(days=5))
    link_relapse(
        sick_leave=leave, first=first_leave, user=stage.examiner, now=stage.at(stage.today)
    )


def _refusal(stage: _Stage) -> None:
    """A refusal waits for the second person."""
    first = stage.today - timedelta(days=64)
    leave = _report(stage, "305", first, stage.today)
    decide(
        claim=leave.claim,
        draft=DecisionDraft(
            kind=DecisionKind.REFUSE,
            reason_code=ReasonCode.EXCLUSION,
            exclusion="EXTREME_SPORTS",
            reason="Der Unfall geschah bei einer Sportart, die der Tarif ausschließt.",
        ),
        user=stage.examiner,
        now=stage.at(stage.today),
    )


_SCENES: tuple[Callable[[_Stage], None], ...] = (
    _long_illness,
    _back_step_by_step,
    _paper_missing,
    _to_examine,
    _in_deferral,
    _relapse,
    _refusal,
)


def _pay(stage: _Stage) -> None:
    """What was due when it was granted has been paid; last month is computed and waits."""
    day = stage.decided_on + ONE_DAY
    report = create_order(
        execution_date=day,
        user=stage.people["kasse"],
        now=stage.at(day),
        debtor=get_creditor(),
    )
    if report.order is not None:
        release_order(order=report.order, user=stage.people["finanzen"], now=stage.at(day))
    last_month = Month.of(stage.today).plus(-1)
    now = stage.at(stage.today)
    finish_run(run=start_benefit_run(month=last_month, user=stage.examiner, now=now), now=now)


def _write_link(stage: _Stage, folder: Path) -> None:
    """The link of the person who was ill longest."""
    claim = Claim.objects.get(person__personnel_number="301", contract=stage.contract)
    if PersonLink.objects.filter(claim=claim).exists():
        return
    created = create_link(
        claim=claim,
        email="",
        language="de",
        user=stage.examiner,
        now=timezone.now(),
    )
    folder.mkdir(parents=True, exist_ok=True)
    address = f"{settings.PORTAL_URL}/my-claim/{created.token}/"
    (folder / "insured-person-link.txt").write_text(address + "\n", encoding="utf-8")
