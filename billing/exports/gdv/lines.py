"""Records 0210 and 0220: what differs by line of business.

Which line this product belongs to is for the insurer to say. Health (020) and accident insurance
(030) have records of their own; any other line uses the general ones (000).
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal

from aupolicy.kernel.money import format_amount
from billing.exports.gdv.keys import CANCELLED, CURRENCY, IN_FORCE
from billing.exports.gdv.tables import GENERAL_LINE
from billing.facts.gdv import GdvValue
from billing.facts.portfolio import PortfolioContract, PortfolioPerson

Records = Iterator[tuple[str, Mapping[str, GdvValue]]]
"""Records by the names of their tables."""

_LINE_NAME = "Betriebliche AU-Versicherung"
_TARIFF_NUMBER = "001"
_DAYS_OF_A_MONTH = 30
_TENTH = Decimal("0.1")
_PERSON_NUMBER_LENGTH = 17


def get_layout(line: str) -> str:
    """Which records a line of business uses: those of "020", of "030", or the general "000"."""
    return line if line in _PERSONS else GENERAL_LINE


def contract_records(contract: PortfolioContract, *, layout: str) -> Records:
    """Record 0210: the contract in its line of business."""
    return _CONTRACTS[layout](contract)


def person_records(contract: PortfolioContract, person: PortfolioPerson, *, layout: str) -> Records:
    """Record 0220: an insured person."""
    return _PERSONS[layout](contract, person)


def compute_daily_benefit(monthly: Decimal) -> Decimal:
    """A thirtieth of a monthly benefit, EUR, rounded half up to one decimal."""
    return (monthly / _DAYS_OF_A_MONTH).quantize(_TENTH, rounding=ROUND_HALF_UP)


def _standing(contract: PortfolioContract) -> dict[str, GdvValue]:
    return {
        "status": CANCELLED if contract.ended_on else IN_FORCE,
        "start": contract.start,
        "excluded_on": contract.ended_on,
        "changed_on": contract.changed_on,
        "currency": CURRENCY,
        "premium": contract.premium,
    }


def _health_contract(contract: PortfolioContract) -> Records:
    yield "0210.020-1", {"currency": CURRENCY}
    yield "0210.020-2", {"product_name": contract.product}


def _accident_contract(contract: PortfolioContract) -> Records:
    names = {"tariff_name": contract.tariff_name, "product_name": contract.product}
    yield "0210.030-1", {**_standing(contract), **names}


def _general_contract(contract: PortfolioContract) -> Records:
    yield "0210.000-1", {"line_name": _LINE_NAME, **_standing(contract)}
    yield (
        "0210.000-2",
        {"description_1": contract.tariff_name, "product_name": contract.product},
    )


def _health_person(contract: PortfolioContract, person: PortfolioPerson) -> Records:
    """A person and its tariff. The person's number has two digits here."""
    key: Mapping[str, GdvValue] = {
        "person_number": person.number,
        "tariff_number": _TARIFF_NUMBER,
        "currency": CURRENCY,
    }
    premium = {"premium": person.premium, "premium_by_interval": person.premium}
    yield (
        "0220.020-1",
        {
            **key,
            "last_name": person.last_name,
            "first_name": person.first_name,
            "birth_date": person.birth_date,
            "start": person.insured_from,
            **premium,
        },
    )
    yield (
        "0220.020-2",
        {
            **key,
            "tariff_name": contract.product,
            "benefit_text": f"{format_amount(person.benefit)} EUR/Monat",
            "benefit_from": f"{contract.benefit_from:03d}",
            "benefit_until": str(contract.benefit_until),
            "tariff_start": person.insured_from,
            "ended_on": person.excluded_on,
            **premium,
        },
    )


def _accident_person(contract: PortfolioContract, person: PortfolioPerson) -> Records:
    number = {"person_number": person.number}
    yield (
        "0220.030-1",
        {
            **number,
            "last_name": person.last_name,
            "first_name": person.first_name,
            "birth_date": person.birth_date,
            "currency": CURRENCY,
            "premium": person.premium,
            "included_on": person.insured_from,
            "excluded_on": person.excluded_on,
        },
    )
    yield (
        "0220.030-2",
        {
            **number,
            "daily_benefit_1": compute_daily_benefit(person.benefit),
            "daily_benefit_1_from": contract.benefit_from,
        },
    )
    known = person.personnel_number
    yield (
        "0220.030-3",
        {
            **number,
            # A number that had to be cut would be somebody else's.
            "insurers_person_number": known if len(known) <= _PERSON_NUMBER_LENGTH else "",
            "premium_daily_benefit_1": person.premium,
        },
    )


def _general_person(contract: PortfolioContract, person: PortfolioPerson) -> Records:
    number = {"risk_number": person.number}
    benefit = f"{format_amount(person.benefit)} EUR/Monat ab Tag {contract.benefit_from:03d}"
    yield (
        "0220.000-1",
        {
            **number,
            "included_on": person.insured_from,
            "excluded_on": person.excluded_on,
            "currency": CURRENCY,
            # Whole euros: the description tells the cents.
            "sum_1": int(person.benefit.to_integral_value(ROUND_HALF_UP)),
            "sum_1_kind": "Leistung je Monat",
            "premium": person.premium,
        },
    )
    yield (
        "0220.000-2",
        {
            **number,
            "description_1": f"{person.last_name}, {person.first_name}",
            "description_2": f"geboren {person.birth_date:%d.%m.%Y}",
            "description_3": benefit,
        },
    )


_CONTRACTS: Mapping[str, Callable[[PortfolioContract], Records]] = {
    "020": _health_contract,
    "030": _accident_contract,
    GENERAL_LINE: _general_contract,
}
_PERSONS: Mapping[str, Callable[[PortfolioContract, PortfolioPerson], Records]] = {
    "020": _health_person,
    "030": _accident_person,
    GENERAL_LINE: _general_person,
}
