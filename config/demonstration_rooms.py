"""The rooms of the demonstration: who signs in, and what waits for them there.

Every step looks first whether it was done before, and leaves alone what somebody did since.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aupolicy.facts.offer import ExampleEmployee, OfferInput
from aupolicy.kernel.month import Month
from aupolicy.models import Broker, BrokerAuthority, Grant, GroupContract, Quote, Right, Role, User
from aupolicy.operations import give_authority, give_grant
from aupolicy.operations.offers import keep_signature, save_quote, start_application, update_draft
from billing.operations.applications import hand_over_application
from billing.operations.uploads import check_upload
from documents.facts import DocumentKind
from documents.models import Document, Filing
from documents.operations import file_confirmations
from members.facts import Channel, EndReason, Notice, NoticeKind, UploadKind
from members.models import NoticeRecord, Upload
from members.operations import apply_notices
from members.operations.uploads import receive_upload

PASSWORD = "Probe-Zugang-2026"  # noqa: S105 - only where DEBUG is on, and printed
_EXAMPLES = Path(settings.BASE_DIR) / "examples"
_SALON, _LARGE = "BAU-100001", "BAU-100003"
_CHANGES_FILE = "luftdruck-changes.csv"
_SIGNED_MANDATE = "span-mandate.png"
_UNKNOWN_NUMBER = "17"
# The payroll whose price is 249.00 EUR a month from 36.92 hours a week.
_PAYROLL = {
    Decimal(2100): 2, Decimal(2600): 3, Decimal(3100): 4, Decimal(3600): 2, Decimal(4300): 3,
    Decimal(4250): 1,
}  # fmt: skip
_HOURS_MONTH = Decimal("160.00")
_JOINERY: dict[str, Any] = {
    "street": "Hobelweg", "building_number": "3", "postal_code": "50667", "town": "Köln",
    "contact_name": "Paula Span", "contact_email": "span@example.org",
    "iban": "DE02120300000000202051", "gives_authority": Right.EDIT.value,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody who signs in: for the employer of a contract, the broker or the insurer."""

    name: str
    first_name: str
    last_name: str
    roles: tuple[Role, ...]
    sees: Any
    contract: str = ""

    @property
    def email(self) -> str:
        """An address that belongs to nobody."""
        return f"{self.name}@example.org"


SIGN_INS = (
    SignIn("sachbearbeitung", "Jana", "Petersen", (Role.CLERK, Role.FINANCE),
           _("Versicherer: Aufgaben, Anträge, Meldungen, Abrechnung und Einzug")),
    SignIn("revision", "Ole", "Brandt", (Role.AUDITOR,),
           _("Versicherer, Revision: alles ansehen, nichts ändern")),
    SignIn("personal", "Wiebke", "Brise", (Role.EMPLOYER_ADMIN,),
           _("Luftdruck AG, Verwaltung: eine Datei wartet auf Freigabe"), _LARGE),
    SignIn("einsicht", "Fenja", "Ahlers", (Role.EMPLOYER_READER,),
           _("Luftdruck AG, Einsicht: dasselbe, ohne zu ändern"), _LARGE),
    SignIn("salon", "Karl", "Haarschön", (Role.EMPLOYER_ADMIN,),
           _("Frisörbetrieb Haarschön, Verwaltung: Bestätigungen zum Ablegen"), _SALON),
    SignIn("makler", "Lars", "Nordmann", (Role.BROKER,),
           _("Vermittler: vier Arbeitgeber, Angebote, Courtage; meldet für Luftdruck AG")),
)  # fmt: skip


def furnish(contracts: list[GroupContract], now: datetime, today: date) -> int:
    """Make the sign-ins and what waits for them; returns how many things are new."""
    by_number = {contract.number: contract for contract in contracts}
    salon, large = by_number[_SALON], by_number[_LARGE]
    broker = large.broker
    assert broker is not None  # noqa: S101 -- examples/employers.yaml names one
    with transaction.atomic():
        created = provide_sign_ins(SIGN_INS, by_number, today, broker)
        people = {each.name: User.objects.get(username=each.name) for each in SIGN_INS}
        created += _authorise(large, broker, people["personal"], today)
        created += _hand_in_changes(large, people["personal"], now)
        created += _report_unknown_leaver(salon, people["salon"], now, today)
        created += _file_some_papers(salon, people["salon"], now, today)
        created += _offer_to_bakery(broker, people["makler"], now)
        created += _apply_for_joinery(broker, people["makler"], now, today)
    return created


def provide_clerk(today: date) -> User:
    """Who does the insurer's daily work, finance too."""
    provide_sign_ins(SIGN_INS[:1], {}, today)
    return User.objects.get(username=SIGN_INS[0].name)


def provide_sign_ins(
    wanted: Iterable[SignIn],
    contracts: dict[str, GroupContract],
    since: date,
    broker: Broker | None = None,
) -> int:
    """Sign-ins with their rights from a day on; returns how many are new."""
    return sum(_sign_in(each, contracts, broker, since) for each in wanted)


def _sign_in(
    person: SignIn, contracts: dict[str, GroupContract], broker: Broker | None, today: date
) -> bool:
    """A user with its rights; rights that were ended in the meantime stay ended."""
    user, created = User.objects.get_or_create(
        username=person.name,
        defaults={
            "first_name": person.first_name,
            "last_name": person.last_name,
            "email": person.email,
        },
    )
    if created:
        user.set_password(PASSWORD)
    user.email = user.email or person.email
    user.save(update_fields=["password", "email"])
    party: dict[str, Any] = {}
    if person.contract:
        party = {"employer": contracts[person.contract].employer}
    elif Role.BROKER in person.roles:
        party = {"broker": broker}
    for role in person.roles:
        if not Grant.objects.filter(user=user, role=role).exists():
            give_grant(user=user, role=role, first_day=today, **party)
    return created


def _authorise(contract: GroupContract, broker: Broker, by: User, today: date) -> bool:
    """The broker may send notices for the large employer."""
    employer = contract.employer
    if BrokerAuthority.objects.filter(employer=employer, broker=broker).exists():
        return False
    give_authority(employer=employer, broker=broker, right=Right.EDIT, first_day=today, given_by=by)
    return True


def _hand_in_changes(contract: GroupContract, by: User, now: datetime) -> bool:
    """A file whose rows hold from the contract's second month on; one has an impossible day."""
    if Upload.objects.filter(contract=contract, file_name=_CHANGES_FILE).exists():
        return False
    upload = receive_upload(
        contract=contract,
        kind=UploadKind.CHANGES,
        file_name=_CHANGES_FILE,
        content=(_EXAMPLES / _CHANGES_FILE).read_bytes(),
        effective=Month.of(contract.period.first_day).plus(1).first_day,
        sender=by,
        now=now,
    )
    return check_upload(upload_id=upload.pk, now=now)


def _report_unknown_leaver(contract: GroupContract, by: User, now: datetime, today: date) -> bool:
    """Somebody leaves whom nobody knows: a clerk has to look at it."""
    known = NoticeRecord.objects.filter(contract=contract, personnel_number=_UNKNOWN_NUMBER)
    if known.exists():
        return False
    leaver = Notice(
        NoticeKind.LEAVE,
        _UNKNOWN_NUMBER,
        Month.of(today).last_day,
        now,
        reason=EndReason.EMPLOYMENT_ENDED,
    )
    apply_notices(contract=contract, notices=[leaver], sender=by, channel=Channel.FORM)
    return True


def _file_some_papers(contract: GroupContract, by: User, now: datetime, today: date) -> int:
    """Two signed confirmations are filed, the others are still to be."""
    papers = Document.objects.filter(
        contract=contract, kind=DocumentKind.CONFIRMATION_EMPLOYER
    ).order_by("pk")
    if Filing.objects.filter(document__in=papers).exists():
        return 0
    return file_confirmations(
        documents=list(papers[:2]), signed_on=today, filed_by=by, now=now, today=today
    )


def _offer_to_bakery(broker: Broker, by: User, now: datetime) -> bool:
    """A quote that nobody has decided on yet."""
    return _quote("Bäckerei Kruste OHG", _PAYROLL, broker, by, now)[1]


def _apply_for_joinery(broker: Broker, by: User, now: datetime, today: date) -> bool:
    """A quote that became an application, complete, in the insurer's hands."""
    name, payroll = "Tischlerei Span GmbH", {Decimal(2400): 4, Decimal(3100): 2}
    quote, is_new = _quote(name, payroll, broker, by, now)
    if not is_new:
        return False
    draft = start_application(quote=quote, by=by, now=now)
    draft = update_draft(application=draft, changes={**_JOINERY, "mandate_signed_on": today})
    content = (_EXAMPLES / _SIGNED_MANDATE).read_bytes()
    draft = keep_signature(application=draft, name=_SIGNED_MANDATE, content=content)
    hand_over_application(application=draft, by=by, now=now)
    return True


def _quote(
    employer_name: str, payroll: dict[Decimal, int], broker: Broker, by: User, now: datetime
) -> tuple[Quote, bool]:
    """The quote for an employer from the month after next on, and whether it is new."""
    known = Quote.objects.filter(broker=broker, employer_name=employer_name).first()
    if known is not None:
        return known, False
    offer = OfferInput(
        employer_name=employer_name,
        tariff_key="bau-2016",
        start=Month.of(now.date()).plus(2).first_day,
        hours_month=_HOURS_MONTH,
        payroll=payroll,
        example=ExampleEmployee(Decimal(2600)),
    )
    return save_quote(offer=offer, broker=broker, by=by, now=now), True
