"""Writing the file: contracts by id, each with its people and statements."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import IO

from django.db import transaction

from aupolicy.facts import Price, TariffVersion
from aupolicy.kernel.money import ZERO, total
from aupolicy.models import Broker
from aupolicy.rules import compute_price
from billing.exports.gdv import UnableToWriteRecord
from billing.exports.gdv.portfolio import PortfolioFile, UnableToNumberContract
from billing.facts.gdv import GdvTotals
from billing.facts.portfolio import PortfolioPerson, PortfolioSettings
from billing.queries.broker_portfolio.contracts import ContractFacts, list_contract_facts
from billing.queries.broker_portfolio.people import ContractPeople, InsuredRow, stream_people
from billing.queries.broker_portfolio.settings import get_portfolio_settings


class UnableToWritePortfolio(ValueError):
    """There is no file; `code` says why, `params` what concerns it, without personal data."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(slots=True)
class PortfolioReport:
    """What a file holds: contracts, those of them without people's names, people, statements."""

    contracts: int = 0
    without_names: int = 0
    people: int = 0
    statements: int = 0
    totals: GdvTotals = field(default_factory=GdvTotals)


def write_portfolio(
    *,
    broker: Broker,
    as_of: date,
    since: date,
    today: date,
    file: IO[bytes],
    settings: PortfolioSettings | None = None,
) -> PortfolioReport:
    """Write the broker's portfolio of a day, with the statements posted from `since` to then.

    The broker may know names where it has the employer's authority `today`. `settings` are the
    installation's unless given. What was written stays in the file if it raises
    UnableToWritePortfolio: NOT_SET_UP (no insurer's number), WRONG_PERIOD, IN_FUTURE, SAME_NUMBER
    (two contract numbers differ by signs only) or DOES_NOT_FIT (a value is too long for its
    field).
    """
    settings = settings or get_portfolio_settings()
    _check(as_of, since, today, settings)
    out = PortfolioFile(file, settings=settings, agency=broker.agency_number)
    # A cursor on the server lives as long as its transaction.
    with transaction.atomic():
        out.begin(recipient=broker.legal_name, since=since, as_of=as_of)
        return _write(
            out, list_contract_facts(broker=broker, as_of=as_of, since=since, today=today), as_of
        )


def _write(
    out: PortfolioFile, chunks: Iterator[list[ContractFacts]], as_of: date
) -> PortfolioReport:
    report = PortfolioReport()
    number = ""
    try:
        for facts, people in (pair for chunk in chunks for pair in _with_people(chunk, as_of)):
            number = facts.contract.number
            _write_contract(out, facts, people, report)
        report.totals = out.end()
    except UnableToWriteRecord as error:
        raise UnableToWritePortfolio("DOES_NOT_FIT", contract=number, **error.params) from error
    except UnableToNumberContract as error:
        raise UnableToWritePortfolio(error.code, **error.params) from error
    return report


def _check(as_of: date, since: date, today: date, settings: PortfolioSettings) -> None:
    if not settings.insurer_number:
        raise UnableToWritePortfolio("NOT_SET_UP")
    if since > as_of:
        raise UnableToWritePortfolio("WRONG_PERIOD")
    if as_of > today:
        raise UnableToWritePortfolio("IN_FUTURE")


def _with_people(
    chunk: list[ContractFacts], day: date
) -> Iterator[tuple[ContractFacts, ContractPeople | None]]:
    """Each contract with its people, None where nobody is insured or may be named."""
    stream = stream_people([facts.contract_id for facts in chunk if facts.names_known], day)
    people = next(stream, None)
    for facts in chunk:
        if people is not None and people.contract_id == facts.contract_id:
            yield facts, people
            people = next(stream, None)
        else:
            yield facts, None


def _write_contract(
    out: PortfolioFile, facts: ContractFacts, people: ContractPeople | None, report: PortfolioReport
) -> None:
    contract = facts.contract
    if facts.names_known:
        contract = replace(contract, premium=_premium(facts.tariff, people))
    out.add_contract(contract)
    report.contracts += 1
    report.without_names += not facts.names_known
    if people is not None:
        for number, row in enumerate(people.people, start=1):
            out.add_person(contract, _person(number, row, facts.tariff))
            report.people += 1
    for statement in facts.statements:
        out.add_statement(contract, statement)
        report.statements += 1


def _premium(tariff: TariffVersion | None, people: ContractPeople | None) -> Decimal:
    payroll = people.payroll if people else {}
    return total(_price(tariff, pay).premium * count for pay, count in payroll.items())


def _price(tariff: TariffVersion | None, pay: Decimal) -> Price:
    return compute_price(tariff, pay) if tariff else Price(ZERO, ZERO, None)


def _person(number: int, row: InsuredRow, tariff: TariffVersion | None) -> PortfolioPerson:
    price = _price(tariff, row.pay)
    return PortfolioPerson(
        number=number,
        personnel_number=row.personnel_number,
        last_name=row.last_name,
        first_name=row.first_name,
        birth_date=row.birth_date,
        insured_from=row.insured_from,
        excluded_on=row.excluded_on,
        premium=price.premium,
        benefit=price.benefit,
    )
