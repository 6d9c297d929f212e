"""Recording a signed contract with everything that is agreed in it."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from aupolicy.models import Broker, Employer, GroupContract
from aupolicy.operations import Terms, register_employer, sign_contract
from billing.facts.debit import Scheme
from billing.operations.mandates import record_mandate
from billing.parsing.contract_file import ContractEntry


@dataclass(frozen=True, slots=True)
class SignedMandate:
    """A SEPA mandate as the employer signed it."""

    creditor_identifier: str
    reference: str
    signed_on: date
    account_holder: str
    iban: str
    scheme: Scheme = Scheme.CORE


def record_agreed(
    *,
    number: str,
    employer: Employer,
    broker: Broker | None,
    start: date,
    terms: Terms,
    mandate: SignedMandate,
) -> GroupContract:
    """Record employer, contract, terms and mandate together; all or nothing.

    An employer that is in the table already stays as it is. Raises UnknownTariff, UnableToAgree,
    UnableToReadIdentifier and ValidationError.
    """
    with transaction.atomic():
        contract = sign_contract(
            number=number,
            employer=employer if employer.pk else register_employer(employer),
            broker=broker,
            start=start,
            terms=terms,
        )
        record_mandate(
            contract=contract,
            creditor_identifier=mandate.creditor_identifier,
            reference=mandate.reference,
            signed_on=mandate.signed_on,
            account_holder=mandate.account_holder,
            iban=mandate.iban,
            scheme=mandate.scheme,
        )
    return contract


def record_contract(
    entry: ContractEntry,
    *,
    broker: Broker | None,
    start: date,
    signed_on: date,
    creditor_identifier: str,
) -> GroupContract:
    """Record the entry of a file of contracts. Raises as `record_agreed` does."""
    return record_agreed(
        number=entry.number,
        employer=Employer(**entry.employer),
        broker=broker,
        start=entry.start or start,
        terms=Terms(
            tariff_key=entry.tariff_key,
            co_insures_directors=entry.co_insures_directors,
            beneficiary=entry.beneficiary,
            pre_notification_days=entry.pre_notification_days,
            collection_day=entry.collection_day,
        ),
        mandate=SignedMandate(
            creditor_identifier=creditor_identifier,
            reference=entry.mandate_reference,
            signed_on=signed_on,
            account_holder=entry.account_holder,
            iban=entry.iban,
            scheme=entry.scheme,
        ),
    )
