"""A broker's contracts as records: address, contract, line of business, people, statements.

Premiums. Positions 116 to 127 of record 0200 hold the contract's premium "gemäß Zahlungsweise",
in health insurance the monthly premium. We bill monthly (key 8), so it is the monthly premium in
either reading. Net equals gross: no tax is charged.

Ends. The association's own sample lets a contract that began on 1 May expire on a 1 May. So every
end (expiry, cancellation, exclusion of a person) is the first day without cover.

Benefit. Accident records know a benefit by the day, so there the monthly benefit is divided by 30
and rounded half up to the one decimal that the field has; the other two tell the monthly sum.
"""

import textwrap
from collections.abc import Mapping
from datetime import date
from typing import IO

from aupolicy.kernel.money import ZERO
from billing.exports.gdv.keys import (
    CANCELLED,
    COMPANY,
    COUNTRIES,
    CURRENCY,
    DIRECT_DEBIT,
    EMAIL,
    END_REASONS,
    IN_FORCE,
    INSURER_COLLECTS,
    MONTHLY,
    NO,
    POLICYHOLDER,
    SOLE_INSURER,
    YES,
)
from billing.exports.gdv.latin_text import write_latin
from billing.exports.gdv.lines import Records, contract_records, get_layout, person_records
from billing.exports.gdv.writer import GdvWriter
from billing.facts.gdv import GdvTotals, GdvValue
from billing.facts.portfolio import (
    Policyholder,
    PortfolioContract,
    PortfolioPerson,
    PortfolioSettings,
    PortfolioStatement,
)

_NAME_LENGTH, _NAME_LINES = 30, 3
_STREET_LENGTH = 30
_POSTAL_CODE_LENGTH = 6
_EMAIL_LENGTH = 60
# The whole delivery of a contract stands under one number.
_SEQUENCE = 1


class UnableToNumberContract(ValueError):
    """Two contracts of a file would have the same number once it is bare of signs."""

    code = "SAME_NUMBER"

    def __init__(self, number: str, other: str) -> None:
        self.params = {"number": number, "other": other}
        super().__init__(f"{number} and {other} have the same bare number")


class PortfolioFile:
    """Writes a broker's portfolio.

    `begin`, then each contract followed by its people and its statements, then `end`. Each may
    raise UnableToWriteRecord.
    """

    def __init__(self, file: IO[bytes], *, settings: PortfolioSettings, agency: str) -> None:
        self._settings, self._layout = settings, get_layout(settings.line)
        self._numbers: dict[str, str] = {}
        self._writer = GdvWriter(
            file,
            insurer_number=settings.insurer_number,
            agency=agency,
            separator=settings.separator,
        )

    def begin(self, *, recipient: str, since: date, as_of: date) -> None:
        """The header: who to whom, for which days."""
        kinds = {"0100", "0200", f"0210.{self._layout}", f"0220.{self._layout}", "0400"}
        self._writer.begin(
            sender=self._settings.sender,
            recipient=recipient,
            period_from=since,
            period_to=as_of,
            kinds=kinds,
        )

    def add_contract(self, contract: PortfolioContract) -> None:
        """Address and contract. Raises UnableToNumberContract."""
        bare = bare_number(contract.number)
        other = self._numbers.setdefault(bare, contract.number)
        if other != contract.number:
            raise UnableToNumberContract(contract.number, other)
        self._write(contract, address_records(contract.policyholder))
        self._write(contract, agreement_records(contract, tax_free=self._settings.tax_free))
        self._write(contract, contract_records(contract, layout=self._layout))

    def add_person(self, contract: PortfolioContract, person: PortfolioPerson) -> None:
        """One insured person of the contract written last."""
        self._write(contract, person_records(contract, person, layout=self._layout))

    def add_statement(self, contract: PortfolioContract, statement: PortfolioStatement) -> None:
        """One posted statement of the contract written last."""
        self._write(contract, statement_records(contract, statement))

    def end(self) -> GdvTotals:
        """The trailer; tells what it says."""
        return self._writer.end()

    def _write(self, contract: PortfolioContract, records: Records) -> None:
        key: Mapping[str, GdvValue] = {
            "line": int(self._settings.line),
            "policy_number": bare_number(contract.number),
            "sequence": _SEQUENCE,
        }
        for table_name, values in records:
            self._writer.add(table_name, {**key, **values})


def bare_number(number: str) -> str:
    """A contract's number in the only characters a policy number may have: letters and digits."""
    return "".join(char for char in number if char.isascii() and char.isalnum())


def address_records(holder: Policyholder) -> Records:
    """Record 0100: the policyholder, and its account and mandate where the broker may know them."""
    names = split_name(holder.legal_name)
    code, town = holder.postal_code, holder.town
    if len(code) > _POSTAL_CODE_LENGTH:
        code, town = "", f"{code} {town}"
    yield (
        "0100-1",
        {
            "salutation": COMPANY,
            **{f"name_{number}": name for number, name in enumerate(names, start=1)},
            "country": COUNTRIES.get(holder.country, ""),
            "postal_code": code,
            "town": town,
            "street": write_street(holder.street, holder.building_number),
            "address_kind": POLICYHOLDER,
        },
    )
    bank = holder.bank
    differs = bank is not None and bank.holder != holder.legal_name
    yield (
        "0100-2",
        {
            "insurers_customer_number": holder.number,
            "account_holder": bank.holder if bank and differs else "",
            "payment_kind": DIRECT_DEBIT if bank else "",
        },
    )
    # Half an address would reach nobody, or somebody else.
    if holder.email and len(holder.email) <= _EMAIL_LENGTH:
        yield "0100-3", {"contact_kind_5": EMAIL, "contact_number_5": holder.email}
    if bank is not None:
        yield "0100-4", {"bic_1": bank.bic, "iban_1": bank.iban}
        yield (
            "0100-5",
            {
                "creditor_identifier": bank.creditor_identifier,
                "mandate_reference": bank.mandate_reference,
                "mandate_signed_on": bank.signed_on,
            },
        )


def split_name(name: str) -> list[str]:
    """A firm's name in up to three lines of 30 characters, broken between words; the rest goes."""
    return textwrap.wrap(write_latin(name), _NAME_LENGTH)[:_NAME_LINES]


def write_street(street: str, building_number: str) -> str:
    """Street and number in 30 characters: the street is cut, its number never."""
    number = write_latin(building_number)
    room = _STREET_LENGTH - len(number) - 1 if number else _STREET_LENGTH
    return f"{write_latin(street)[: max(room, 0)].rstrip()} {number}".strip()


def agreement_records(contract: PortfolioContract, *, tax_free: bool) -> Records:
    """Record 0200: the contract."""
    ended, cause = contract.ended_on, contract.end_cause
    yield (
        "0200-1",
        {
            "collection_kind": INSURER_COLLECTS,
            "start": contract.start,
            "expiry": contract.expiry,
            "anniversary": contract.anniversary,
            "payment_interval": MONTHLY,
            "status": CANCELLED if ended else IN_FORCE,
            "end_reason": END_REASONS[cause] if cause else "",
            "ended_on": ended,
            "changed_on": contract.changed_on,
            "share_kind": SOLE_INSURER,
            "currency": CURRENCY,
            "premium_net": contract.premium,
            "tax_free": YES if tax_free else NO,
            "insurers_customer_number": contract.policyholder.number,
        },
    )
    yield (
        "0200-2",
        {
            "renews": NO if ended else YES,
            "premium_gross": contract.premium,
            "printed_policy_number": contract.number,
            "product_name": contract.product,
        },
    )


def statement_records(contract: PortfolioContract, statement: PortfolioStatement) -> Records:
    """Record 0400: what a month was billed with. No commission is known yet."""
    yield (
        "0400-1",
        {
            "collection_kind": INSURER_COLLECTS,
            "booked_on": statement.issued_on,
            "period_from": statement.first_day,
            "period_to": statement.last_day,
            "payment_interval": MONTHLY,
            "created_on": statement.issued_on,
            "currency": CURRENCY,
            "premium_net": statement.total,
            "tax": ZERO,
            "premium_gross": statement.total,
        },
    )
    yield (
        "0400-2",
        {
            "insurers_reference": bare_number(statement.number),
            "policyholder": contract.policyholder.legal_name,
            "settled_amount": statement.total,
            "currency": CURRENCY,
        },
    )
