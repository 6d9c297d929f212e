"""Which confirmations a contract's people should hold on a day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet

from aupolicy.facts import TariffVersion
from aupolicy.models import ContractVersion, GroupContract
from aupolicy.queries import get_tariff
from aupolicy.rules import compute_price
from documents.facts import (
    Address,
    ConfirmationContext,
    Contact,
    CoverTerms,
    DocumentKind,
    Insurer,
    TermsStretch,
)
from documents.queries.parties import (
    address_lines,
    broker_contact,
    employer_address,
    get_insurer,
    tariff_name,
)
from documents.rules import decide_terms, is_minor
from members.facts import EndReason
from members.models import InsuredPay, Membership
from members.queries import coming_after, insured_on, retirement_steps
from members.rules import compute_retirement_end

RUN_OFF_STOP = "stop"


@dataclass(frozen=True, slots=True)
class ConfirmationDue:
    """A paper that should exist for a membership."""

    kind: DocumentKind
    membership_id: int
    context: ConfirmationContext


@dataclass(frozen=True, slots=True)
class _TariffStretch:
    """A tariff version that a contract follows from a day on."""

    first_day: date
    version: TariffVersion


def list_confirmations(contract: GroupContract, *, as_of: date) -> list[ConfirmationDue]:
    """Both copies for everybody whose cover runs on a day or begins later, in order of the list.

    Whose cover begins later gets the terms of its first day.
    """
    writer = _Writer(contract)
    return [
        paper
        for membership in _list_memberships(contract, as_of)
        for paper in writer.papers(membership, as_of)
    ]


def _list_memberships(contract: GroupContract, as_of: date) -> QuerySet[Membership]:
    running = insured_on(as_of) | coming_after(as_of)
    return (
        Membership.objects.filter(running, contract=contract)
        .select_related("person")
        .prefetch_related("pays")
        .order_by("person__last_name", "person__first_name", "person__personnel_number", "id")
    )


class _Writer:
    """What all papers of one contract have in common, read once."""

    def __init__(self, contract: GroupContract) -> None:
        self.contract = contract
        self.employer = contract.employer
        self.insurer: Insurer = get_insurer()
        self.broker: Contact | None = broker_contact(contract.broker)
        self.tariffs = _list_tariff_stretches(contract)

    def papers(self, membership: Membership, as_of: date) -> list[ConfirmationDue]:
        day = max(as_of, membership.period.first_day)
        terms = decide_terms(_list_stretches(membership, self.tariffs), day)
        if terms is None:
            return []
        person_copy = self._context(membership, day, terms)
        employer_copy = replace(person_copy, recipient=employer_address(self.employer))
        return [
            ConfirmationDue(DocumentKind.CONFIRMATION, membership.pk, person_copy),
            ConfirmationDue(DocumentKind.CONFIRMATION_EMPLOYER, membership.pk, employer_copy),
        ]

    def _context(self, membership: Membership, day: date, terms: CoverTerms) -> ConfirmationContext:
        person = membership.person
        version = _version_on(self.tariffs, day)
        ends_by_age = membership.end_reason == EndReason.RETIREMENT_AGE
        name = f"{person.first_name} {person.last_name}"
        return ConfirmationContext(
            insurer=self.insurer,
            recipient=Address((name, self.employer.legal_name, *address_lines(self.employer))),
            employer_name=self.employer.legal_name,
            contract_number=self.contract.number,
            tariff_name=tariff_name(version.key),
            broker=self.broker,
            first_name=person.first_name,
            last_name=person.last_name,
            personnel_number=person.personnel_number,
            birth_date=person.birth_date,
            cover_begins=membership.period.first_day,
            cover_ends=None if ends_by_age else membership.period.last_day,
            retirement_age_last_day=compute_retirement_end(person.birth_date, retirement_steps()),
            terms=terms,
            deferral_days=version.parameters.deferral_days,
            benefit_until_day=version.parameters.benefit_until_day,
            benefit_ends_with_cover=version.parameters.run_off == RUN_OFF_STOP,
            signs_by_guardian=is_minor(person.birth_date, terms.valid_from),
            exclusions=tuple(exclusion.text["de"] for exclusion in version.exclusions),
        )


def _list_tariff_stretches(contract: GroupContract) -> list[_TariffStretch]:
    """Tariff versions in the order in which the contract follows them."""
    stretches: list[_TariffStretch] = []
    for terms in contract.versions.order_by("period"):
        stretches += _versions_within(terms)
    return stretches


def _versions_within(terms: ContractVersion) -> list[_TariffStretch]:
    first_day, last_day = terms.period.first_day, terms.period.last_day
    tariff = get_tariff(terms.tariff_key)
    at_start = tariff.version_on(first_day)
    later = [
        _TariffStretch(version.valid_from, version)
        for version in tariff.versions
        if version.valid_from > first_day and (last_day is None or version.valid_from <= last_day)
    ]
    return ([_TariffStretch(first_day, at_start)] if at_start else []) + later


def _version_on(stretches: Sequence[_TariffStretch], day: date) -> TariffVersion:
    return next(s.version for s in reversed(stretches) if s.first_day <= day)


def _list_stretches(
    membership: Membership, tariffs: Sequence[_TariffStretch]
) -> list[TermsStretch]:
    """A membership's terms from each day on which pay or tariff changes."""
    pays = sorted(membership.pays.all(), key=lambda pay: pay.period.first_day)
    days = {pay.period.first_day for pay in pays} | {
        tariff.first_day for tariff in tariffs if tariff.first_day in membership.period
    }
    stretches = []
    for day in sorted(days):
        pay = next((pay for pay in reversed(pays) if day in pay.period), None)
        if pay is not None and tariffs and tariffs[0].first_day <= day:
            terms = _price(_version_on(tariffs, day), pay, membership.period.first_day)
            stretches.append(TermsStretch(day, terms))
    return stretches


def _price(version: TariffVersion, pay: InsuredPay, placeholder: date) -> CoverTerms:
    """Terms of one stretch; `valid_from` is set when it is known how long they have held."""
    price = compute_price(version, pay.amount)
    band = next((band for band in version.bands if band.number == price.band), None)
    return CoverTerms(
        valid_from=placeholder,
        benefit=price.benefit,
        premium=price.premium,
        band=price.band,
        above=band.above if band else None,
        up_to=band.up_to if band else None,
        pay=None if band else pay.amount,
    )
