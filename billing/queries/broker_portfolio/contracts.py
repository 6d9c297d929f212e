"""A broker's contracts as of a day, a few hundred at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, QuerySet

from aupolicy.facts import TariffVersion
from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import ONE_DAY
from aupolicy.models import (
    Broker,
    BrokerAuthority,
    Cancellation,
    ContractVersion,
    GroupContract,
)
from aupolicy.queries import get_tariff
from aupolicy.rules import compute_next_anniversary
from billing.facts.debit import Scheme
from billing.facts.portfolio import (
    BankAccount,
    EndCause,
    Policyholder,
    PortfolioContract,
    PortfolioStatement,
)
from billing.models import BillingRun, Mandate, Statement
from billing.queries.month_tariffs import AgreedTariffs

_CHUNK = 200
_SHORT_NAME = 20


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """A contract with what is known of it before its people are read.

    `contract.premium` is that of the last statement; `names_known` says whether the broker may
    know who is insured. `tariff` is None where no terms are agreed for the day.
    """

    contract_id: int
    contract: PortfolioContract
    names_known: bool
    tariff: TariffVersion | None
    statements: tuple[PortfolioStatement, ...]


def list_contract_facts(
    *, broker: Broker, as_of: date, since: date, today: date
) -> Iterator[list[ContractFacts]]:
    """The broker's contracts in chunks, each sorted by id."""
    last = 0
    while chunk := list(_contracts(broker, as_of, since).filter(pk__gt=last)[:_CHUNK]):
        last = chunk[-1].pk
        yield _Chunk(chunk, broker=broker, as_of=as_of, since=since, today=today).facts()


def _contracts(broker: Broker, as_of: date, since: date) -> QuerySet[GroupContract]:
    """Those that had begun by the day and had not ended before the period."""
    return (
        GroupContract.objects.filter(broker=broker)
        .filter(period__startswith__lte=as_of)
        .exclude(period__fully_lt=(since, None))
        .select_related("employer")
        .order_by("pk")
    )


class _Chunk:
    """Reads what belongs to some contracts, each kind in one query."""

    def __init__(
        self,
        contracts: list[GroupContract],
        *,
        broker: Broker,
        as_of: date,
        since: date,
        today: date,
    ) -> None:
        self._contracts, self._as_of, self._since = contracts, as_of, since
        ids = [contract.pk for contract in contracts]
        self._tariffs = AgreedTariffs(ids)
        self._trusting = set(
            BrokerAuthority.objects.filter(broker=broker, period__contains=today).values_list(
                "employer_id", flat=True
            )
        )
        self._mandates = self._read_mandates()
        self._causes = dict(
            Cancellation.objects.filter(contract__in=ids)
            .order_by("pk")
            .values_list("contract_id", "party")
        )
        self._changes = self._read_changes(ids)
        self._statements = self._read_statements(ids)
        self._premiums = self._read_premiums(ids)

    def facts(self) -> list[ContractFacts]:
        """The contracts with all that was read."""
        return [self._describe(contract) for contract in self._contracts]

    def _read_mandates(self) -> Mapping[int, Mandate]:
        ids = [c.pk for c in self._contracts if c.employer_id in self._trusting]
        found = Mandate.objects.filter(contract__in=ids, period__contains=self._as_of)
        return {mandate.contract_id: mandate for mandate in found}

    def _read_changes(self, ids: list[int]) -> Mapping[int, date]:
        """First day of the newest terms that had begun by the day."""
        found = ContractVersion.objects.filter(
            contract__in=ids, period__startswith__lte=self._as_of
        ).order_by("period")
        return {version.contract_id: version.period.first_day for version in found}

    def _read_statements(self, ids: list[int]) -> Mapping[int, tuple[PortfolioStatement, ...]]:
        found = _posted(ids).filter(issued_on__gte=self._since, issued_on__lte=self._as_of)
        statements: dict[int, tuple[PortfolioStatement, ...]] = {}
        for row in found.order_by("contract", "month"):
            before = statements.get(row.contract_id, ())
            statements[row.contract_id] = (*before, _statement(row))
        return statements

    def _read_premiums(self, ids: list[int]) -> Mapping[int, Decimal]:
        last = (
            _posted(ids)
            .filter(month__lte=self._as_of)
            .order_by(F("contract"), "-month")
            .distinct("contract")
        )
        return {statement.contract_id: statement.total for statement in last}

    def _describe(self, row: GroupContract) -> ContractFacts:
        last_day, names_known = row.period.last_day, row.employer_id in self._trusting
        end = last_day + ONE_DAY if last_day else None
        is_over = last_day is not None and last_day < self._as_of
        day = min(self._as_of, last_day) if last_day else self._as_of
        anniversary = compute_next_anniversary(row.period.first_day, day)
        tariff = self._tariffs.of_month(row.pk, Month.of(day))
        contract = PortfolioContract(
            number=row.number,
            policyholder=_policyholder(row, self._mandates.get(row.pk), known=names_known),
            start=row.period.first_day,
            expiry=end or anniversary,
            anniversary=anniversary,
            changed_on=self._changes.get(row.pk, row.period.first_day),
            tariff_name=_name(tariff),
            product=_short_name(tariff),
            premium=ZERO if is_over else self._premiums.get(row.pk, ZERO),
            benefit_from=tariff.parameters.deferral_days + 1 if tariff else 0,
            benefit_until=tariff.parameters.benefit_until_day if tariff else 0,
            ended_on=end if is_over else None,
            end_cause=self._find_cause(row.pk) if is_over else None,
        )
        statements = self._statements.get(row.pk, ())
        return ContractFacts(row.pk, contract, names_known, tariff, statements)

    def _find_cause(self, contract_id: int) -> EndCause:
        party = self._causes.get(contract_id)
        return EndCause(party.upper()) if party else EndCause.EXPIRED


def _name(tariff: TariffVersion | None) -> str:
    return get_tariff(tariff.key).name["de"] if tariff else ""


def _short_name(tariff: TariffVersion | None) -> str:
    """The name, or the key where the name would lose what tells it from another year's."""
    name = _name(tariff)
    return name if tariff is None or len(name) <= _SHORT_NAME else tariff.key


def _posted(ids: list[int]) -> QuerySet[Statement]:
    return Statement.objects.filter(
        contract__in=ids, number__isnull=False, run__kind=BillingRun.PREMIUM
    )


def _statement(row: Statement) -> PortfolioStatement:
    month = Month.of(row.month)
    return PortfolioStatement(
        number=row.number or "",
        first_day=month.first_day,
        last_day=month.last_day,
        issued_on=row.issued_on or row.month,
        total=row.total,
    )


def _policyholder(row: GroupContract, mandate: Mandate | None, *, known: bool) -> Policyholder:
    employer = row.employer
    return Policyholder(
        number=str(employer.pk),
        legal_name=employer.legal_name,
        street=employer.street,
        building_number=employer.building_number,
        postal_code=employer.postal_code,
        town=employer.town,
        country=employer.country,
        email=employer.contact_email if known else "",
        bank=_bank(mandate) if mandate else None,
    )


def _bank(mandate: Mandate) -> BankAccount:
    return BankAccount(
        holder=mandate.account_holder,
        iban=mandate.iban,
        bic=mandate.bic,
        creditor_identifier=mandate.creditor_identifier,
        mandate_reference=mandate.reference,
        signed_on=mandate.signed_on,
        scheme=Scheme(mandate.scheme),
    )
