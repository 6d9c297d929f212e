"""Reads of one contract: its head, months, wage bands, people and papers."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import QuerySet
from psycopg import sql

from aupolicy.facts import TariffVersion
from aupolicy.kernel.money import ZERO
from aupolicy.models import ContractVersion, GroupContract
from aupolicy.queries import (
    ContractState,
    NoTermsInForce,
    get_contract_state,
    get_tariff,
)
from aupolicy.rules import compute_next_anniversary
from billing.models import Statement
from billing.queries.open_items import with_payments
from members.models import Membership
from members.queries import insured_on
from portal.facts import BandShare
from portal.queries.insurer.contracts import posted_statements

PEOPLE_PAGE_SIZE = 40
STATEMENTS_PAGE_SIZE = 24
CHART_MONTHS = 12


@dataclass(frozen=True, slots=True)
class ContractHead:
    """What stands above every page of a contract, as of a day."""

    contract: GroupContract
    state: ContractState
    versions: list[ContractVersion]
    terms: ContractVersion
    tariff: TariffVersion
    insured: int
    statements: list[Statement]
    next_day: date

    @property
    def last_statement(self) -> Statement | None:
        """The newest posted statement."""
        return self.statements[0] if self.statements else None


def get_head(contract: GroupContract, day: date, *, months: int = CHART_MONTHS) -> ContractHead:
    """The head of a contract's pages, with the newest statements. Raises NoTermsInForce."""
    shown = _shown_day(contract, day)
    versions = list(contract.versions.order_by("period"))
    terms = next((v for v in versions if shown in v.period), None)
    tariff = get_tariff(terms.tariff_key).version_on(shown) if terms else None
    if terms is None or tariff is None:
        raise NoTermsInForce(contract, shown)
    return ContractHead(
        contract=contract,
        state=get_contract_state(contract, day),
        versions=versions,
        terms=terms,
        tariff=tariff,
        insured=Membership.objects.filter(insured_on(shown), contract=contract).count(),
        statements=list(
            posted_statements()
            .filter(contract=contract)
            .select_related("run")
            .order_by("-month")[:months]
        ),
        next_day=contract.period.last_day
        or compute_next_anniversary(contract.period.first_day, shown),
    )


def _shown_day(contract: GroupContract, day: date) -> date:
    """The day itself, moved into the contract's life."""
    day = max(day, contract.period.first_day)
    return min(day, contract.period.last_day) if contract.period.last_day else day


_BANDS = """
SELECT band, COUNT(*), SUM(amount) FROM {lines}
WHERE contract_id = %s AND covered_month = %s AND band IS NOT NULL
GROUP BY band ORDER BY band
"""


def list_band_shares(statement: Statement, tariff: TariffVersion) -> list[BandShare]:
    """All wage bands of a tariff with the people and premium of a statement's own month."""
    query = sql.SQL(_BANDS).format(lines=sql.Identifier(statement.run.lines_table))
    with connection.cursor() as cursor:
        cursor.execute(query, [statement.contract_id, statement.month])
        counts = {band: (number, amount) for band, number, amount in cursor.fetchall()}
    most = max((number for number, _ in counts.values()), default=1)
    shares = []
    for band in tariff.bands:
        insured, premium = counts.get(band.number, (0, ZERO))
        share = Decimal(100 * insured) / most
        shares.append(
            BandShare(band.number, band.above, band.up_to, insured, premium, round(share, 2))
        )
    return shares


def list_statements(contract: GroupContract) -> QuerySet[Statement]:
    """Posted statements of a contract, newest first, with their collection."""
    found = posted_statements().filter(contract=contract).select_related("run")
    return with_payments(found).order_by("-month")


def page_of_statements(statements: QuerySet[Statement], page: str | int) -> Page[Statement]:
    """One page of statements."""
    return Paginator(statements, STATEMENTS_PAGE_SIZE).get_page(page)
