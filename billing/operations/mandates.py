"""Recording SEPA mandates."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from aupolicy.kernel.identifiers import (
    bic_of,
    parse_creditor_identifier,
    parse_iban,
    parse_mandate_reference,
)
from aupolicy.kernel.period import Period
from aupolicy.models import GroupContract
from billing.facts.debit import Scheme
from billing.models import Mandate


def record_mandate(
    *,
    contract: GroupContract,
    creditor_identifier: str,
    reference: str,
    signed_on: date,
    account_holder: str,
    iban: str,
    scheme: Scheme = Scheme.CORE,
    b2b_confirmed_on: date | None = None,
) -> Mandate:
    """Record a signed mandate; IBAN, creditor identifier and reference are checked.

    Raises UnableToReadIdentifier, and ValidationError where the contract has a mandate already.
    """
    parsed_iban = parse_iban(iban)
    mandate = Mandate(
        contract=contract,
        creditor_identifier=parse_creditor_identifier(creditor_identifier),
        reference=parse_mandate_reference(reference),
        scheme=scheme.value,
        signed_on=signed_on,
        account_holder=account_holder,
        iban=parsed_iban,
        bic=bic_of(parsed_iban) or "",
        b2b_confirmed_on=b2b_confirmed_on,
        period=Period(signed_on),
    )
    with transaction.atomic():
        GroupContract.objects.select_for_update(no_key=True).get(pk=contract.pk)
        if Mandate.objects.filter(contract=contract, period__contains=signed_on).exists():
            raise ValidationError("contract has a mandate", code="MANDATE_EXISTS")
        mandate.full_clean(validate_constraints=False)
        mandate.save()
    return mandate
