"""What the next debit has to tell the banks about a mandate that changed."""

from aupolicy.kernel.identifiers import country_of_iban, identity_of_creditor
from billing.facts.debit import Amendment
from billing.facts.mandate import MandateState

# Where the number of the bank stands in a German IBAN (ISO 13616 registry).
_GERMAN_BANK = slice(4, 12)


def find_amendment(*, last_accepted: MandateState | None, now: MandateState) -> Amendment | None:
    """What changed since the last debit of the same mandate that the bank did not reject.

    Told are the reference, the creditor's identifier and name and the debtor's account, as the
    SEPA direct debit rulebooks list them (amendment, AT-24); a new name of the debtor is simply
    used. After a reject nobody has heard of the change, so the caller leaves rejected debits out
    and it is told again; a return or refund came from a bank that has heard of it.

    None when nothing changed, for the first debit (`last_accepted` None), and when the scheme
    changed: a B2B mandate is another mandate than a CORE one and starts anew.

    Of a former account at the same German bank the IBAN is told. Otherwise the bank only hears
    that the account is new (SMNDA): an account elsewhere is none of its business.
    """
    if last_accepted is None or last_accepted.scheme is not now.scheme:
        return None
    is_new_account = last_accepted.iban != now.iban
    is_at_same_bank = is_new_account and _have_same_bank(last_accepted.iban, now.iban)
    amendment = Amendment(
        original_reference=_former(last_accepted.reference, now.reference),
        original_creditor_identifier=_former_creditor(last_accepted, now),
        original_creditor_name=_former(last_accepted.creditor_name, now.creditor_name),
        original_iban=last_accepted.iban if is_at_same_bank else None,
        same_mandate_new_account=is_new_account and not is_at_same_bank,
    )
    return None if amendment == Amendment() else amendment


def names_creditor(*, named: str, creditor: str) -> bool:
    """Whether two creditor identifiers name the same creditor; a business code alone does not."""
    return identity_of_creditor(named) == identity_of_creditor(creditor)


def _former(before: str, now: str) -> str | None:
    return None if before == now else before


def _former_creditor(before: MandateState, now: MandateState) -> str | None:
    """The former creditor identifier; another business code alone names the same creditor."""
    former, present = before.creditor_identifier, now.creditor_identifier
    return None if names_creditor(named=former, creditor=present) else former


def _have_same_bank(iban: str, other: str) -> bool:
    is_german = country_of_iban(iban) == country_of_iban(other) == "DE"
    return is_german and iban[_GERMAN_BANK] == other[_GERMAN_BANK]
