"""A new bank account: asked for by one person, in force once a second look was taken."""

from datetime import date, datetime, timedelta

from django.db import transaction

from aupolicy.kernel.identifiers import parse_iban
from aupolicy.kernel.period import ONE_DAY, Period
from aupolicy.models import GroupContract, User, WorkItem
from aupolicy.operations.work import open_work
from billing.facts.debit import Scheme
from billing.models import Mandate, MandateChange
from billing.operations.mandates import record_mandate

# Nothing waits for it: the insurer looks whether a new account belongs to its employer.
DAYS_TO_LOOK = timedelta(days=14)


class UnableToChangeMandate(ValueError):
    """A change of the bank account that cannot be made; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def request_mandate_change(
    *,
    contract: GroupContract,
    account_holder: str,
    iban: str,
    scheme: Scheme,
    requested_by: User,
    now: datetime,
) -> MandateChange:
    """Ask for another account; the one in force stays until the change is confirmed.

    Raises UnableToReadIdentifier for a wrong IBAN, UnableToChangeMandate while another change
    waits or where nothing would change.
    """
    parsed = parse_iban(iban)
    with transaction.atomic():
        _lock(contract)
        if MandateChange.objects.filter(
            contract=contract, confirmed_at=None, withdrawn_at=None
        ).exists():
            raise UnableToChangeMandate("CHANGE_WAITS")
        current = Mandate.objects.filter(contract=contract).order_by("-period").first()
        same = (current.iban, current.account_holder, current.scheme) if current else None
        if same == (parsed, account_holder, scheme.value):
            raise UnableToChangeMandate("NOTHING_CHANGES")
        return MandateChange.objects.create(
            contract=contract,
            account_holder=account_holder,
            iban=parsed,
            scheme=scheme.value,
            requested_by=requested_by,
            requested_at=now,
        )


def confirm_mandate_change(
    *,
    change: MandateChange,
    confirmed_by: User,
    has_code: bool,
    creditor_identifier: str,
    now: datetime,
    today: date,
) -> Mandate:
    """Put a change in force from today: a new mandate follows the one there is.

    A second person may confirm; whoever asked only with a valid code of the second factor
    (`has_code`, which the caller has checked). Raises UnableToChangeMandate.
    """
    with transaction.atomic():
        contract = _lock(change.contract)
        change = MandateChange.objects.select_for_update().get(pk=change.pk)
        if change.confirmed_at is not None or change.withdrawn_at is not None:
            raise UnableToChangeMandate("CHANGE_SETTLED")
        if confirmed_by == change.requested_by and not has_code:
            raise UnableToChangeMandate("SECOND_LOOK_NEEDED")
        first_day = _end_current(contract, today)
        change.mandate = record_mandate(
            contract=contract,
            creditor_identifier=creditor_identifier,
            reference=f"{contract.number}-{contract.mandates.count() + 1}",
            signed_on=first_day,
            account_holder=change.account_holder,
            iban=change.iban,
            scheme=Scheme(change.scheme),
        )
        change.confirmed_by, change.confirmed_at = confirmed_by, now
        second_person = confirmed_by != change.requested_by
        change.confirmed_how = (
            MandateChange.Confirmation.SECOND_PERSON
            if second_person
            else MandateChange.Confirmation.CODE
        )
        change.save()
        open_work(
            kind=WorkItem.Kind.MANDATE,
            titles={change.pk: f"Neue Bankverbindung, Vertrag {contract.number}"},
            employer=contract.employer,
            due=today + DAYS_TO_LOOK,
            now=now,
            priority=WorkItem.Priority.LOW,
        )
        return change.mandate


def withdraw_mandate_change(*, change: MandateChange, withdrawn_by: User, now: datetime) -> None:
    """Take a change back that nobody confirmed yet. Raises UnableToChangeMandate."""
    with transaction.atomic():
        change = MandateChange.objects.select_for_update().get(pk=change.pk)
        if change.confirmed_at is not None or change.withdrawn_at is not None:
            raise UnableToChangeMandate("CHANGE_SETTLED")
        change.withdrawn_by, change.withdrawn_at = withdrawn_by, now
        change.save(update_fields=["withdrawn_by", "withdrawn_at"])


def _lock(contract: GroupContract) -> GroupContract:
    return GroupContract.objects.select_for_update(no_key=True).get(pk=contract.pk)


def _end_current(contract: GroupContract, today: date) -> date:
    """End the mandate in force; returns the first day of the next one.

    A mandate counts for at least its first day, so one of today is followed tomorrow.
    """
    current = Mandate.objects.filter(contract=contract).order_by("-period").first()
    if current is None:
        return today
    first_day: date = max(today, current.period.first_day + ONE_DAY)
    if current.period.last_day is None or current.period.last_day >= first_day:
        current.period = Period(current.period.first_day, first_day - ONE_DAY)
        current.save(update_fields=["period"])
    return first_day
