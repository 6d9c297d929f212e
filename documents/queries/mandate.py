"""The SEPA mandate form of a mandate."""

from aupolicy.kernel.identifiers import bank_name
from billing.facts.debit import Scheme
from billing.models import Mandate
from documents.facts import Address, MandateContext
from documents.queries.parties import country_word, get_insurer, street_line, town_line


def build_mandate_form(mandate: Mandate) -> MandateContext:
    """What the form says; it goes back to the insurer, so that is who the window names."""
    insurer = get_insurer()
    contract = mandate.contract
    return MandateContext(
        insurer=insurer,
        recipient=Address(
            (
                insurer.name,
                "Beitragseinzug",
                f"{insurer.street} {insurer.building_number}",
                f"{insurer.postal_code} {insurer.town}",
            )
        ),
        contract_number=contract.number,
        creditor_identifier=mandate.creditor_identifier,
        reference=mandate.reference,
        scheme=Scheme(mandate.scheme),
        account_holder=mandate.account_holder,
        street=street_line(contract.employer),
        town=town_line(contract.employer),
        country=country_word(contract.employer.country),
        iban=mandate.iban,
        bic=mandate.bic,
        bank_name=bank_name(mandate.iban) or "" if mandate.iban else "",
    )
