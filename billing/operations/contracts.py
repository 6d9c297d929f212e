"""Recording a signed contract with everything that is agreed in it."""

from datetime import date

from django.db import transaction

from aupolicy.models import Broker, Employer, GroupContract
from aupolicy.operations import Terms, register_employer, sign_contract
from billing.operations.mandates import record_mandate
from billing.parsing.contract_file import ContractEntry


def record_contract(
    entry: ContractEntry,
    *,
    broker: Broker | None,
    start: date,
    signed_on: date,
    creditor_identifier: str,
) -> GroupContract:
    """Record employer, contract, terms and mandate together; all or nothing.

    Raises UnknownTariff, UnableToAgree and ValidationError.
    """
    with transaction.atomic():
        contract = sign_contract(
            number=entry.number,
            employer=register_employer(Employer(**entry.employer)),
            broker=broker,
            start=entry.start or start,
            terms=Terms(
                tariff_key=entry.tariff_key,
                co_insures_directors=entry.co_insures_directors,
                pre_notification_days=entry.pre_notification_days,
                collection_day=entry.collection_day,
            ),
        )
        record_mandate(
            contract=contract,
            creditor_identifier=creditor_identifier,
            reference=entry.mandate_reference,
            signed_on=signed_on,
            account_holder=entry.account_holder,
            iban=entry.iban,
            scheme=entry.scheme,
        )
    return contract
