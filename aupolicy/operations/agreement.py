"""Everything that changes the agreement."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from aupolicy.facts import CancellationEffect, Party, TariffVersion
from aupolicy.facts.insurance_tax import Beneficiary
from aupolicy.kernel.file_store import FileStore
from aupolicy.kernel.period import ONE_DAY, Period
from aupolicy.models import (
    Broker,
    Cancellation,
    ContractVersion,
    Employer,
    GroupContract,
    TariffSnapshot,
    User,
)
from aupolicy.queries import get_tariff, get_terms, preview_cancellation


class UnableToAgree(ValueError):
    """Terms or a cancellation that cannot be agreed; `code` says why, `params` with what."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(f"{code}: {params}")
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed with one employer beside the tariff's own wording."""

    tariff_key: str
    co_insures_directors: bool = False
    pre_notification_days: int = 14
    collection_day: int = 1
    beneficiary: Beneficiary = Beneficiary.EMPLOYEE


def register_employer(employer: Employer) -> Employer:
    """Check and record an employer. Raises ValidationError."""
    employer.full_clean()
    employer.save()
    return employer


def register_broker(broker: Broker) -> Broker:
    """Check and record a broker; the one with this register number, if there is one already."""
    with transaction.atomic():
        known = Broker.objects.filter(registration_number=broker.registration_number).first()
        if known is not None:
            return known
        broker.full_clean()
        broker.save()
    return broker


def sign_contract(
    *, number: str, employer: Employer, broker: Broker | None, start: date, terms: Terms
) -> GroupContract:
    """Record a signed group contract. It runs from `start` and renews by itself.

    Raises UnknownTariff and UnableToAgree (tariff not in force on the first day, a value
    outside its bounds).
    """
    with transaction.atomic():
        contract = GroupContract(number=number, employer=employer, broker=broker)
        contract.period = Period(start)
        contract.full_clean()
        contract.save()
        _add_version(contract, Period(start), terms)
    return contract


def agree_terms(*, contract: GroupContract, first_day: date, terms: Terms) -> ContractVersion:
    """Change the terms from a day on; earlier days keep theirs. Raises UnableToAgree."""
    with transaction.atomic():
        contract = GroupContract.objects.select_for_update().get(pk=contract.pk)
        if first_day.day != 1:
            raise UnableToAgree("NOT_FIRST_OF_MONTH", day=first_day.isoformat())
        current = get_terms(contract, first_day)
        if current.period.last_day is not None or first_day <= current.period.first_day:
            raise UnableToAgree("TERMS_ALREADY_FOLLOW", day=first_day.isoformat())
        current.period = Period(current.period.first_day, first_day - ONE_DAY)
        current.save(update_fields=["period"])
        return _add_version(contract, Period(first_day), terms)


def _add_version(contract: GroupContract, period: Period, terms: Terms) -> ContractVersion:
    if get_tariff(terms.tariff_key).version_on(period.first_day) is None:
        raise UnableToAgree(
            "TARIFF_NOT_IN_FORCE", tariff=terms.tariff_key, day=period.first_day.isoformat()
        )
    version = ContractVersion(
        contract=contract,
        period=period,
        tariff_key=terms.tariff_key,
        co_insures_directors=terms.co_insures_directors,
        pre_notification_days=terms.pre_notification_days,
        collection_day=terms.collection_day,
        beneficiary=terms.beneficiary.value,
    )
    version.full_clean(validate_constraints=False)
    version.save()
    return version


def receive_cancellation(
    *,
    contract: GroupContract,
    party: Party,
    received_at: datetime,
    document_name: str,
    document: bytes,
    recorded_by: User | None = None,
) -> Cancellation:
    """Record a cancellation in Textform and end the contract with its contract year.

    § 11 VVG and the wording: one month to the end of the contract year, for either side; the
    moment of receipt decides. The document is kept. Raises UnableToAgree for an empty document
    or a contract that ended before.
    """
    if not document:
        raise UnableToAgree("NO_DOCUMENT")
    received = timezone.localtime(received_at).date()
    with transaction.atomic():
        contract = GroupContract.objects.select_for_update().get(pk=contract.pk)
        if contract.period.last_day is not None and contract.period.last_day < received:
            raise UnableToAgree("CONTRACT_ENDED", day=contract.period.last_day.isoformat())
        effect: CancellationEffect = preview_cancellation(contract=contract, received=received)
        contract.period = Period(contract.period.first_day, effect.end)
        contract.save(update_fields=["period"])
        return Cancellation.objects.create(
            contract=contract,
            party=party.value,
            received_at=received_at,
            document_name=Path(document_name).name[:200],
            document_sha256=FileStore(settings.FILES_ROOT).put(document),
            end=effect.end,
            in_time=effect.in_time,
            recorded_by=recorded_by,
        )


def snapshot_tariff(version: TariffVersion) -> TariffSnapshot:
    """Keep a tariff version as it is applied now; the same content is kept once."""
    snapshot, _ = TariffSnapshot.objects.get_or_create(
        key=version.key,
        valid_from=version.valid_from,
        digest=version.digest,
        defaults={"content": json.loads(version.content)},
    )
    return snapshot
