"""What the text of a mandate names that somebody is about to sign."""

from datetime import date

from django.conf import settings

from aupolicy.kernel.identifiers import bank_name
from aupolicy.models import GroupContract
from billing.facts.debit import Scheme
from billing.facts.mandate import MandateText
from billing.queries.creditor import get_creditor
from billing.queries.mandate_state import get_mandate_state, needs_new_mandate


def next_reference(contract: GroupContract) -> str:
    """A reference that no mandate of the contract had: its number and a running one."""
    taken = set(contract.mandates.values_list("reference", flat=True))
    number = contract.mandates.filter(original=None).count() + 1
    while f"{contract.number}-{number}" in taken:
        number += 1
    return f"{contract.number}-{number}"


def plan_mandate_text(
    *, contract: GroupContract, account_holder: str, iban: str, scheme: Scheme, today: date
) -> MandateText:
    """What a mandate from this account says: under the reference there is, or the next one.

    `iban` in electronic form.
    """
    standing = get_mandate_state(contract.pk, today)
    is_new = standing is None or needs_new_mandate(standing, scheme)
    reference = next_reference(contract)
    if standing is not None and not is_new:
        reference = standing.mandate.reference
    creditor, insurer = get_creditor(), settings.INSURER
    street = f"{insurer['street']} {insurer['building_number']}"
    return MandateText(
        creditor_name=creditor.name,
        creditor_address=f"{street}, {insurer['postal_code']} {insurer['town']}",
        creditor_identifier=creditor.identifier,
        reference=reference,
        scheme=scheme,
        contract_number=contract.number,
        account_holder=account_holder,
        iban=iban,
        bank_name=bank_name(iban) or "",
    )
