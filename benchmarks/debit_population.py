"""Constructed debits of a month, made one by one, so that their number costs no memory."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from billing.exports.sepa_text import sepa_name, sepa_remittance
from billing.facts.debit import Creditor, Debit, DebitFile, MandateFacts, Scheme

CREDITOR = Creditor(
    name="Musterleben Versicherung AG",
    identifier="DE98ZZZ09999999999",
    iban="DE89370400440532013000",
    bic="COBADEFFXXX",
)
MESSAGE_ID = "BAU-20261228-1"
CREATED_AT = datetime(2026, 12, 1, 9, 30)  # noqa: DTZ001 - local time, as in the file
DUE = date(2026, 12, 28)
_SIGNED = date(2026, 11, 2)
# Every third name has letters that SEPA lacks.
_NAMES = ("Bäckerei Müller & Söhne", "Autohaus Krause GmbH", "Zahnarztpraxis Dr. Klein")
_BANKS = (12030000, 50010517, 37040044)


def make_debits(count: int) -> Iterator[Debit]:
    """Debits as the product has them."""
    for number in range(1, count + 1):
        yield Debit(
            end_to_end_id=f"BU-2026-{number:06d}",
            amount=_amount(number),
            mandate=MandateFacts(
                reference=f"BAU-{number:07d}-1",
                signed_on=_SIGNED,
                scheme=Scheme.CORE,
                debtor_name=f"{_NAMES[number % 3]} {number}",
                debtor_iban=_iban(_BANKS[number % 3], number),
                debtor_bic="BELADEBEXXX" if number % 5 == 0 else None,
            ),
            remittance=f"Beitrag betriebliche AU-Versicherung Dezember 2026, BAU-{number:07d}",
        )


def make_texts(count: int) -> Iterator[tuple[str, ...]]:
    """The same debits as the bare texts of a file, ready to be written."""
    return (texts for _, texts in make_both(count))


def make_both(count: int) -> Iterator[tuple[Debit, tuple[str, ...]]]:
    """Each debit with its texts: references, amount, day, BIC or nothing, name, IBAN, purpose."""
    for debit in make_debits(count):
        mandate = debit.mandate
        yield (
            debit,
            (
                debit.end_to_end_id,
                f"{debit.amount:.2f}",
                mandate.reference,
                mandate.signed_on.isoformat(),
                mandate.debtor_bic or "",
                sepa_name(mandate.debtor_name),
                mandate.debtor_iban,
                sepa_remittance(debit.remittance),
            ),
        )


def make_file(count: int) -> DebitFile:
    """The file of the debits, whose sum is known beforehand."""
    return DebitFile(
        message_id=MESSAGE_ID,
        created_at=CREATED_AT,
        due_date=DUE,
        scheme=Scheme.CORE,
        creditor=CREDITOR,
        debits=make_debits(count),
        count=count,
        control_sum=sum_of(count),
    )


def sum_of(count: int) -> Decimal:
    """Sum of the debits in EUR."""
    return sum((_amount(number) for number in range(1, count + 1)), start=Decimal("0.00"))


def _amount(number: int) -> Decimal:
    return Decimal(2_000 + number * 7_919 % 400_000) / 100


def _iban(bank: int, number: int) -> str:
    national = f"{bank:08d}{number:010d}"
    return f"DE{98 - int(national + '131400') % 97:02d}{national}"
