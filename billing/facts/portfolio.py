"""What a broker's file tells about its contracts, independent of any format. Amounts in EUR."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from billing.facts.debit import Scheme


class EndCause(StrEnum):
    """Why a contract has ended."""

    POLICYHOLDER = "POLICYHOLDER"
    INSURER = "INSURER"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True)
class BankAccount:
    """The account that premiums are debited from, with its mandate."""

    holder: str
    iban: str
    bic: str
    creditor_identifier: str
    mandate_reference: str
    signed_on: date
    scheme: Scheme


@dataclass(frozen=True, slots=True)
class Policyholder:
    """An employer as the broker's program needs it; `country` in two letters (ISO 3166).

    `email` and `bank` are empty where the employer has given the broker no authority.
    """

    number: str
    legal_name: str
    street: str
    building_number: str
    postal_code: str
    town: str
    country: str
    email: str = ""
    bank: BankAccount | None = None


@dataclass(frozen=True, slots=True)
class PortfolioContract:
    """A group contract as it stands on a day.

    `premium` is that of one month. `ended_on` (the first day without cover) and `end_cause` are
    set once the contract has ended; `expiry` is the day after the last day agreed for now, the
    anniversary unless it was cancelled. `product` is a name of the tariff in up to 20 characters.
    `benefit_from` and `benefit_until` are days of an illness
    (43 and 546).
    """

    number: str
    policyholder: Policyholder
    start: date
    expiry: date
    anniversary: date
    changed_on: date
    tariff_name: str
    product: str
    premium: Decimal
    benefit_from: int
    benefit_until: int
    ended_on: date | None = None
    end_cause: EndCause | None = None


@dataclass(frozen=True, slots=True)
class PortfolioPerson:
    """An insured person; premium and benefit are those of one full month.

    `number` counts the people of a contract from 1. `excluded_on` is the first day without cover.
    """

    number: int
    personnel_number: str
    last_name: str
    first_name: str
    birth_date: date
    insured_from: date
    excluded_on: date | None
    premium: Decimal
    benefit: Decimal


@dataclass(frozen=True, slots=True)
class PortfolioStatement:
    """A posted statement; a credit is negative."""

    number: str
    first_day: date
    last_day: date
    issued_on: date
    total: Decimal


@dataclass(frozen=True, slots=True)
class PortfolioSettings:
    """What the insurer decides about its files.

    `line` is the line of business of three digits. "020" uses the records of health, "030" those
    of accident insurance, every other one the general records. `separator` stands behind each
    record. `tax_free` says that premiums bear no insurance tax.
    """

    insurer_number: str
    sender: str
    line: str
    tax_free: bool
    separator: bytes
