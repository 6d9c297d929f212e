"""A new bank account: asked for by one person, in force once a second look was taken."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from aupolicy.kernel.identifiers import parse_iban
from aupolicy.models import GroupContract, User, WorkItem
from aupolicy.operations.work import open_work
from billing.facts.debit import Scheme
from billing.facts.mandate import SignatureProof
from billing.models import Mandate, MandateChange, MandateSignature
from billing.operations.mandates import (
    amend_mandate,
    end_mandate,
    record_mandate,
    record_signature,
)
from billing.queries.mandate_state import get_mandate_state, needs_new_mandate
from billing.queries.mandate_text import next_reference

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
    proof: SignatureProof | None = None,
) -> MandateChange:
    """Ask for another account; the one in force stays until the change is confirmed.

    `proof` is how it was signed in the portal. Where no mandate can carry debits any more, the
    same account may be asked for again. Raises UnableToReadIdentifier for a wrong IBAN,
    UnableToChangeMandate while another change waits or where nothing would change.
    """
    parsed = parse_iban(iban)
    today = timezone.localdate(now)
    with transaction.atomic():
        _lock(contract)
        if MandateChange.objects.filter(
            contract=contract, confirmed_at=None, withdrawn_at=None
        ).exists():
            raise UnableToChangeMandate("CHANGE_WAITS")
        standing = get_mandate_state(contract.pk, today)
        if standing is not None and not needs_new_mandate(standing, scheme):
            current = standing.mandate
            if (current.iban, current.account_holder) == (parsed, account_holder):
                raise UnableToChangeMandate("NOTHING_CHANGES")
        change = MandateChange.objects.create(
            contract=contract,
            account_holder=account_holder,
            iban=parsed,
            scheme=scheme.value,
            requested_by=requested_by,
            requested_at=now,
        )
        if proof is not None:
            record_signature(
                change=change, proof=proof, user=requested_by, signed_on=today, now=now
            )
    return change


def confirm_mandate_change(
    *,
    change: MandateChange,
    confirmed_by: User,
    has_code: bool,
    creditor_identifier: str,
    now: datetime,
    today: date,
) -> Mandate:
    """Put a change in force from today.

    It becomes a version of the mandate there is, under its reference and signature; where that
    can carry no debits any more, or the scheme is another, a mandate with a reference of its own.
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
        standing = get_mandate_state(contract.pk, today)
        if standing is None or needs_new_mandate(standing, Scheme(change.scheme)):
            change.mandate = _record_new(contract, change, creditor_identifier, today)
        else:
            change.mandate = amend_mandate(
                mandate=standing.mandate,
                first_day=today,
                user=confirmed_by,
                now=now,
                iban=change.iban,
                account_holder=change.account_holder,
            )
        _settle(change, confirmed_by, now)
        open_work(
            kind=WorkItem.Kind.MANDATE,
            titles={change.pk: f"Neue Bankverbindung, Vertrag {contract.number}"},
            employer=contract.employer,
            due=today + DAYS_TO_LOOK,
            now=now,
            priority=WorkItem.Priority.LOW,
        )
        return change.mandate


def _record_new(
    contract: GroupContract, change: MandateChange, creditor_identifier: str, today: date
) -> Mandate:
    """A mandate of its own, signed as the change was."""
    reference = next_reference(contract)
    signature = MandateSignature.objects.filter(change=change).first()
    mandate = record_mandate(
        contract=contract,
        creditor_identifier=creditor_identifier,
        reference=reference,
        signed_on=end_mandate(contract=contract, today=today),
        account_holder=change.account_holder,
        iban=change.iban,
        scheme=Scheme(change.scheme),
        has_signature=signature is not None,
    )
    if signature is not None:
        signature.mandate = mandate
        signature.save(update_fields=["mandate"])
    return mandate


def _settle(change: MandateChange, confirmed_by: User, now: datetime) -> None:
    change.confirmed_by, change.confirmed_at = confirmed_by, now
    second_person = confirmed_by != change.requested_by
    change.confirmed_how = (
        MandateChange.Confirmation.SECOND_PERSON
        if second_person
        else MandateChange.Confirmation.CODE
    )
    change.save()


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
