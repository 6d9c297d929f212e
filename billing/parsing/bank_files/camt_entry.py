"""One entry (Ntry) of a camt message: its movements, which add up to what was booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from aupolicy.kernel.money import ZERO, total
from billing.facts.bank import BankEntry, CreditDebit
from billing.parsing.bank_files.elements import Values

# The bank transaction codes (subfamilies) of a payment that came back: unpaid or reversed direct
# debit, return of a transfer, and both after a cancellation request.
_RETURNED = frozenset({"UPDD", "PRDD", "RRTN", "RCDD", "RPCR"})
# What banks write where they have no reference.
_NO_REFERENCE = frozenset({"NOTPROVIDED", "NOT PROVIDED", "NONREF"})
_YES = frozenset({"true", "1"})
_DIRECTIONS = {str(direction): direction for direction in CreditDebit}
_LONGEST_IBAN = 34


@dataclass(slots=True)
class Part:
    """A transaction of an entry (TxDtls), or a batch without any, with the batch it belongs to."""

    values: Values
    batch: Values | None = None
    is_batch: bool = False


class _Share(NamedTuple):
    """What of the entry's amount falls to a part: euros, negative if debited. `charges` therein."""

    amount: Decimal
    charges: Decimal


def list_entries(entry: Values, parts: Sequence[Part], account_iban: str) -> list[BankEntry]:
    """The movements of a booked entry. Raises UnableToReadBankFile, SUM_DIFFERS among others."""
    if not parts:
        shares = [_Share(_signed(entry, entry.amount("amount")), ZERO)]
        return [_make(entry, Part(entry), shares[0], account_iban)]
    shares, rest = _share(entry, parts)
    made = [
        _make(entry, part, share, account_iban) for part, share in zip(parts, shares, strict=True)
    ]
    if rest:
        # Charges of the entry that belong to no single transaction move money of their own.
        made.append(_make(entry, Part(entry), _Share(-rest, rest), account_iban))
    return made


def read_direction(values: Values, otherwise: Values | None = None) -> CreditDebit:
    """The direction of an amount; `otherwise` is asked if it has none of its own."""
    if otherwise is not None and not values.text("direction"):
        return read_direction(otherwise)
    found = _DIRECTIONS.get(values.needed("direction"))
    if found is None:
        raise values.problem("VALUE_UNKNOWN", "direction")
    return found


def read_iban(values: Values, name: str) -> str:
    """An account number without the spaces some banks print; empty if there is none."""
    iban = values.text(name).replace(" ", "")
    if len(iban) > _LONGEST_IBAN:
        raise values.problem("TEXT_TOO_LONG", name)
    return iban


def _signed(values: Values, amount: Decimal, otherwise: Values | None = None) -> Decimal:
    direction = read_direction(values, otherwise)
    return amount if direction is CreditDebit.CREDIT else -amount


def _share(entry: Values, parts: Sequence[Part]) -> tuple[list[_Share], Decimal]:
    """What falls to each part, and the charges that fall to none.

    Banks state the amounts of transactions with or without the charges: which of both is told by
    what they add up to.
    """
    booked = _signed(entry, entry.amount("amount"))
    stated = [_state(entry, part, booked if len(parts) == 1 else None) for part in parts]
    charges = [_sum_charges(part.values) for part in parts]
    of_entry = ZERO if any(charges) else _sum_charges(entry)
    if len(parts) == 1:
        charges, of_entry = [charges[0] + of_entry], ZERO
    found = total(stated)
    if found == booked:
        pairs = zip(stated, charges, strict=True)
        return [_Share(amount, charge) for amount, charge in pairs], ZERO
    if found - total(charges) - of_entry == booked:
        pairs = zip(stated, charges, strict=True)
        return [_Share(amount - charge, charge) for amount, charge in pairs], of_entry
    raise entry.problem("SUM_DIFFERS", "amount", stated=str(booked), found=str(found))


def _state(entry: Values, part: Part, only: Decimal | None) -> Decimal:
    """The amount a part states; `only` is taken of a single part that states none in euros."""
    # What was instructed may differ from what was booked; of several it is better than nothing.
    names = ["amount", "transaction", "instructed"]
    amount = part.values.euros(*(names if only is None else names[:2]))
    if amount is None:
        if only is not None:
            return only
        amount = part.values.amount("amount")
    return _signed(part.values, amount, entry)


def _sum_charges(values: Values) -> Decimal:
    """Charges taken, less those given back, in euros; those of other currencies are not ours."""
    charges = values.net("charges")
    return charges if charges is not None else values.euros("all_charges") or ZERO


def _make(entry: Values, part: Part, share: _Share, account_iban: str) -> BankEntry:
    values, batch = part.values, part.batch or part.values
    returned = _is_returned(entry, values)
    amount = abs(share.amount)
    original, charges = _split(values, amount, share.charges, returned=returned)
    credited = share.amount > 0 or (
        share.amount == 0 and read_direction(entry) is CreditDebit.CREDIT
    )
    name, iban = _find_party(values, account_iban, ours_is_creditor=credited != returned)
    return BankEntry(
        account_iban=account_iban,
        direction=CreditDebit.CREDIT if credited else CreditDebit.DEBIT,
        amount=amount,
        original_amount=original,
        charges=charges,
        booked_on=entry.needed_day("booked_on"),
        value_on=entry.day("value_on"),
        bank_reference=read_reference(values, "bank_reference")
        or read_reference(entry, "bank_reference"),
        entry_reference=read_reference(entry, "entry_reference"),
        payment_information_id=read_reference(values, "payment_information_id")
        or read_reference(batch, "payment_information_id"),
        message_id=read_reference(values, "message_id") or read_reference(batch, "message_id"),
        batch_count=values.number("count") if part.is_batch else None,
        end_to_end_id=read_reference(values, "end_to_end_id"),
        mandate_reference=read_reference(values, "mandate_reference"),
        transaction_code=_code(values) or _code(entry),
        reason_code=values.text("reason_code"),
        reason_text=values.text("reason_text"),
        party_name=name,
        party_iban=iban,
        remittance=_remittance(values),
        reversal=entry.text("reversal") in _YES,
        position=values.place,
    )


def _split(
    values: Values, amount: Decimal, charges: Decimal, *, returned: bool
) -> tuple[Decimal | None, Decimal]:
    """The amount of the payment itself, and the charges in what was booked.

    A returned payment is the payment and the charges. Banks repeat it as InstdAmt; charges that
    are not in the booked amount come with a booking of their own.
    """
    original = values.euros("instructed", "transaction")
    if not returned:
        return original, charges
    if values.euros("instructed") == amount:
        return amount, ZERO
    if original is None or original == amount:
        return amount - charges, charges
    return original, charges


def _is_returned(entry: Values, values: Values) -> bool:
    subfamily = values.text("subfamily") or entry.text("subfamily")
    return (
        subfamily in _RETURNED
        or bool(values.text("reason_code") or values.text("reason_text"))
        or entry.text("reversal") in _YES
    )


def _find_party(values: Values, account_iban: str, *, ours_is_creditor: bool) -> tuple[str, str]:
    """Name and IBAN of the other side; of the one that is not us if the bank has them swapped."""
    debtor = (values.text("debtor"), read_iban(values, "debtor_iban"))
    creditor = (values.text("creditor"), read_iban(values, "creditor_iban"))
    first, second = (debtor, creditor) if ours_is_creditor else (creditor, debtor)
    if first[1] == account_iban and second[1] != account_iban:
        return second
    return first


def read_reference(values: Values, name: str) -> str:
    """A reference, empty if the bank says that there is none."""
    found = values.text(name)
    return "" if found in _NO_REFERENCE else found


def _code(values: Values) -> str:
    """Domain, family and subfamily, or the bank's own code."""
    domain = values.text("domain")
    if domain:
        return f"{domain}/{values.text('family')}/{values.text('subfamily')}"
    return values.text("own_code")


def _remittance(values: Values) -> str:
    """What the payer wrote, with the structured reference if it is not in there."""
    written, reference = values.text("remittance"), values.text("creditor_reference")
    return written if reference in written else f"{written} {reference}".strip()
