"""A contract's statement beside the one of the run before, with the reasons of the difference."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import Q, Subquery
from psycopg import sql

from aupolicy.facts import TariffVersion
from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from aupolicy.kernel.sorting import BARE, MARKED
from aupolicy.models import GroupContract, TariffSnapshot
from aupolicy.parsing.tariffs import parse_kept_version
from billing.facts.line_reasons import (
    NOT_COVERED,
    ContractLife,
    LineState,
    Piece,
    PieceKind,
    Reason,
    ReasonKind,
    ReasonSum,
)
from billing.models import BillingRun, Statement
from billing.queries.lines import lines_of
from billing.queries.person_lives import Knowledge, get_knowledge, read_lives
from billing.queries.run_preview import list_previous_runs
from billing.rules.line_reasons import explain_difference, sum_reasons


@dataclass(frozen=True, slots=True)
class ComparedContract:
    """The two statements of a contract, either None where a run had nothing to charge."""

    contract: GroupContract
    run: BillingRun
    previous: BillingRun | None
    now: Statement | None
    before: Statement | None
    is_new: bool

    @property
    def total_before(self) -> Decimal:
        """What the run before charged, EUR."""
        return self.before.total if self.before else ZERO

    @property
    def total(self) -> Decimal:
        """What the run charges, EUR."""
        return self.now.total if self.now else ZERO

    @property
    def difference(self) -> Decimal:
        """EUR more or less than before."""
        return self.total - self.total_before

    @property
    def tax_difference(self) -> Decimal:
        """The part of the difference that is insurance tax, EUR; it belongs to no line."""
        now, before = (s.tax if s else ZERO for s in (self.now, self.before))
        return now - before


def compare_contract(run: BillingRun, contract: GroupContract) -> ComparedContract:
    """A contract's statement in a run and in the run before."""
    statements = Statement.objects.filter(contract=contract, month__lte=run.month)
    previous_id = list_previous_runs(run).values("pk")[:1]
    both = statements.filter(Q(run=run) | Q(run=Subquery(previous_id))).select_related("run")
    found = {statement.run_id == run.pk: statement for statement in both}
    now, before = found.get(True), found.get(False)
    previous = before.run if before else list_previous_runs(run).first()
    posted = statements.filter(number__isnull=False, run__kind=run.kind).exclude(run=run)
    is_new = before is None and not posted.exists()
    return ComparedContract(contract, run, previous, now, before, is_new)


@dataclass(frozen=True, slots=True)
class PersonDifference:
    """One person's part of both statements, EUR, and why it differs.

    `lines` are the covered months that this run has lines for.
    """

    person_id: int
    personnel_number: str
    last_name: str
    first_name: str
    before: Decimal
    now: Decimal
    months: tuple[Month, ...]
    reasons: tuple[Reason, ...]

    @property
    def difference(self) -> Decimal:
        """EUR more or less than before."""
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class ContractDifference:
    """Everybody whose part differs, by name, and the reasons of all of them by kind."""

    people: tuple[PersonDifference, ...]
    sums: tuple[ReasonSum, ...]


# What a month cost a person in both runs, where it differs; see PieceKind. `last` is how a month
# billed before was billed last.
_PIECES = """
WITH now AS (
    SELECT person_id, covered_month, amount, covered_days, pay, band, tariff_id
    FROM {lines} WHERE run_id = %(run)s AND contract_id = %(contract)s
      AND (%(person)s::bigint IS NULL OR person_id = %(person)s)
), past AS (
    SELECT person_id, covered_month, amount, covered_days, pay, band, tariff_id
    FROM billing_premiumline WHERE run_id = %(previous)s AND contract_id = %(contract)s
      AND (%(person)s::bigint IS NULL OR person_id = %(person)s)
), pieces AS (
    SELECT 'NEW_MONTH' AS kind, person_id, COALESCE(n.amount, 0) - COALESCE(b.amount, 0) AS amount,
           %(month_before)s::date AS month_before, %(month)s::date AS month,
           b.covered_days AS days_before, b.pay AS pay_before, b.band AS band_before,
           b.tariff_id AS tariff_before, n.covered_days, n.pay, n.band, n.tariff_id
    FROM (SELECT * FROM now WHERE covered_month = %(month)s) n
    FULL JOIN (SELECT * FROM past WHERE covered_month = %(month_before)s) b USING (person_id)
    WHERE COALESCE(n.amount, 0) <> COALESCE(b.amount, 0)
    UNION ALL
    SELECT CASE WHEN n.covered_month > %(month_before)s THEN 'CAUGHT_UP' ELSE 'CORRECTED' END,
           n.person_id, n.amount, n.covered_month, n.covered_month,
           last.covered_days, last.pay, last.band, last.tariff_id,
           n.covered_days, n.pay, n.band, n.tariff_id
    FROM now n
    LEFT JOIN LATERAL (
        SELECT b.covered_days, b.pay, b.band, b.tariff_id FROM billing_premiumline b
        WHERE b.contract_id = %(contract)s AND b.person_id = n.person_id
          AND b.covered_month = n.covered_month AND b.run_id < %(run)s
        ORDER BY b.run_id DESC LIMIT 1
    ) last ON true
    WHERE n.covered_month <> %(month)s AND n.amount <> 0
    UNION ALL
    SELECT 'ONE_OFF', person_id, -amount, covered_month, covered_month,
           NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM past WHERE covered_month <> %(month_before)s AND amount <> 0
), sums AS (
    SELECT person_id, SUM(amount) FILTER (WHERE is_now) AS now,
           SUM(amount) FILTER (WHERE NOT is_now) AS before,
           array_agg(covered_month ORDER BY covered_month) FILTER (WHERE is_now) AS months
    FROM (SELECT true AS is_now, person_id, covered_month, amount FROM now
          UNION ALL SELECT false, person_id, covered_month, amount FROM past) both_runs
    WHERE person_id IN (SELECT person_id FROM pieces)
    GROUP BY person_id
)
SELECT p.id, p.personnel_number, p.last_name, p.first_name,
       COALESCE(s.before, 0), COALESCE(s.now, 0), s.months,
       x.kind, x.amount, x.month_before, x.days_before, x.pay_before, x.band_before,
       x.tariff_before, x.month, x.covered_days, x.pay, x.band, x.tariff_id
FROM pieces x
JOIN sums s USING (person_id)
JOIN members_person p ON p.id = x.person_id
ORDER BY lower(translate(p.last_name, %(marked)s, %(bare)s)),
         lower(translate(p.first_name, %(marked)s, %(bare)s)), p.personnel_number, p.id, x.month
"""
_PERSON = 7


def explain_contract(
    compared: ComparedContract, *, person_id: int | None = None
) -> ContractDifference:
    """Why a contract's statement differs from the one of the run before, person by person.

    The reasons' amounts add up to the difference of the two statements. `person_id` restricts it
    to one person.
    """
    rows = _read_pieces(compared, person_id)
    pieces = [(row[:_PERSON], _to_piece(row)) for row in rows]
    knowledge = get_knowledge(compared.contract, compared.now, compared.before)
    lives = read_lives(knowledge, {head[0] for head, _ in pieces})
    tariffs = read_tariffs(piece for _, piece in pieces)
    contract = _describe_life(knowledge, tariffs, is_new=compared.is_new)
    people = []
    for head, group in groupby(pieces, key=lambda item: item[0]):
        reasons = explain_difference(
            pieces=[piece for _, piece in group],
            life=lives[head[0]],
            contract=contract,
            tariffs=tariffs,
        )
        key, number, last_name, first_name, before, now, months = head
        covered = tuple(Month.of(month) for month in months or ())
        who = (key, number, last_name, first_name)
        people.append(PersonDifference(*who, before, now, covered, reasons))
    sums = sum_reasons(person.reasons for person in people)
    if compared.tax_difference and person_id is None:
        sums += (ReasonSum(ReasonKind.TAX, 0, compared.tax_difference),)
    return ContractDifference(people=tuple(people), sums=sums)


def _read_pieces(compared: ComparedContract, person_id: int | None) -> list[tuple[Any, ...]]:
    parameters: dict[str, Any] = {
        "run": compared.run.pk,
        "contract": compared.contract.pk,
        "previous": compared.before.run_id if compared.before else None,
        "month": compared.run.month,
        "month_before": _find_month_before(compared),
        "person": person_id,
        "marked": MARKED,
        "bare": BARE,
    }
    query = sql.SQL(_PIECES).format(lines=lines_of(compared.run))
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _find_month_before(compared: ComparedContract) -> date:
    """The month billed last before; of a new contract the one before it begins."""
    if compared.before is not None:
        return compared.before.month
    if compared.is_new:
        return Month.of(compared.contract.period.first_day).plus(-1).first_day
    if compared.previous is not None:
        return compared.previous.month
    return Month.of(compared.run.month).plus(-1).first_day


def _to_piece(row: Sequence[Any]) -> Piece:
    kind, amount, month_before, *states = row[_PERSON:]
    before, (month, *now) = states[:4], states[4:]
    return Piece(
        person_id=row[0],
        kind=PieceKind(kind),
        amount=amount,
        month_before=Month.of(month_before),
        before=LineState(*before) if before[0] else NOT_COVERED,
        month=Month.of(month),
        now=LineState(*now) if now[0] else NOT_COVERED,
    )


def _describe_life(
    knowledge: Knowledge, tariffs: Mapping[int, TariffVersion], *, is_new: bool
) -> ContractLife:
    """What is known about the contract; its terms where another tariff was agreed."""
    terms: tuple[date, ...] = ()
    if len({tariff.key for tariff in tariffs.values()}) > 1:
        versions = knowledge.contract.versions.order_by("period")
        terms = tuple(version.period.first_day for version in versions)
    return ContractLife(period=knowledge.period, terms=terms, is_new=is_new)


def read_tariffs(pieces: Iterable[Piece]) -> Mapping[int, TariffVersion]:
    """The tariff versions, as they were applied, that pieces of differences point at."""
    ids = {
        state.tariff_id
        for piece in pieces
        for state in (piece.before, piece.now)
        if state.tariff_id is not None
    }
    return {
        snapshot.pk: parse_kept_version(snapshot.key, snapshot.content)
        for snapshot in TariffSnapshot.objects.filter(pk__in=ids)
    }
