"""The letter and the annex of a posted statement, from its booked lines."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from aupolicy.kernel.money import total
from aupolicy.models import TariffSnapshot
from aupolicy.queries import get_terms
from aupolicy.rules import compute_rate_percent
from billing.facts.debit import Scheme
from billing.models import Mandate, Statement
from billing.queries.lines import LineRow, list_lines
from documents.facts import (
    AnnexContext,
    AnnexList,
    BandRow,
    CorrectionRow,
    InsuredRow,
    LeaverRow,
    Payment,
    Settlement,
    StatementContext,
)
from documents.parsing import parse_applied_bands, parse_applied_percent
from documents.queries.parties import broker_contact, employer_address, get_insurer, tariff_name
from documents.queries.statement_lists import StatementLists, build_lists
from documents.rules import ANNEX_ROWS, mask_iban, needs_annex

AnnexRows = tuple[InsuredRow | LeaverRow | CorrectionRow, ...]
MONTHS_A_YEAR = 12
TWO_DECIMALS = Decimal("0.01")


class UnableToBuildStatement(ValueError):
    """A statement that has no letter: a preview, or one that its lines do not add up to."""


@dataclass(frozen=True, slots=True)
class StatementLetters:
    """The letter with its annexes, in order; none when the lists stand in the letter."""

    letter: StatementContext
    annexes: tuple[AnnexContext, ...]


def build_statement(statement: Statement) -> StatementLetters:
    """What the letter of a posted statement says.

    Raises UnableToBuildStatement for a preview and when lines and total differ.
    """
    if statement.number is None or statement.issued_on is None:
        raise UnableToBuildStatement(f"{statement} is a preview")
    lines = list_lines(statement)
    if total(line.amount for line in lines) != statement.total:
        raise UnableToBuildStatement(f"{statement}: lines do not add up to {statement.total}")
    current = [line for line in lines if line.covered_month == statement.month]
    past = [line for line in lines if line.covered_month != statement.month]
    lists = build_lists(statement, current=current, past=past)
    annexes = _build_annexes(statement, lists) if needs_annex(lists.row_count) else ()
    letter = _build_letter(statement, current, past, lists, annex_parts=len(annexes))
    return StatementLetters(letter, annexes)


def _build_letter(
    statement: Statement,
    current: Sequence[LineRow],
    past: Sequence[LineRow],
    lists: StatementLists,
    *,
    annex_parts: int,
) -> StatementContext:
    contract = statement.contract
    premium = total(line.amount for line in current)
    percent = compute_rate_percent(premium, statement.payroll)
    bands, premium_percent = _build_bands(current)
    terms = get_terms(contract, max(statement.month, contract.period.first_day))
    return StatementContext(
        insurer=get_insurer(),
        recipient=employer_address(contract.employer),
        employer_name=contract.employer.legal_name,
        number=statement.number or "",
        contract_number=contract.number,
        tariff_name=tariff_name(terms.tariff_key),
        month=statement.month,
        issued_on=statement.issued_on or statement.month,
        broker=broker_contact(contract.broker),
        insured_count=statement.insured_count,
        payroll=statement.payroll,
        month_premium=premium,
        corrections_count=len(past),
        corrections_total=total(line.amount for line in past),
        total=statement.total,
        yearly_premium=premium * MONTHS_A_YEAR,
        yearly_payroll=statement.payroll * MONTHS_A_YEAR,
        yearly_percent=percent.quantize(TWO_DECIMALS, rounding=ROUND_HALF_UP),
        premium_percent=premium_percent,
        bands=bands,
        payment=_build_payment(statement),
        annex_parts=annex_parts,
        insured=() if annex_parts else lists.insured,
        leavers=() if annex_parts else lists.leavers,
        corrections=() if annex_parts else lists.corrections,
    )


def _build_payment(statement: Statement) -> Payment:
    if statement.total <= 0:
        how = Settlement.CREDIT if statement.total else Settlement.NOTHING
        return Payment(how, abs(statement.total))
    due = statement.due_date or statement.month
    mandate = Mandate.objects.filter(contract=statement.contract_id, period__contains=due).first()
    waits_for_bank = (
        mandate is not None and mandate.scheme == Scheme.B2B and mandate.b2b_confirmed_on is None
    )
    if mandate is None or waits_for_bank:
        return Payment(Settlement.TRANSFER, statement.total, due)
    return Payment(
        settlement=Settlement.DEBIT,
        amount=statement.total,
        due_date=due,
        scheme=Scheme(mandate.scheme),
        mandate_reference=mandate.reference,
        creditor_identifier=mandate.creditor_identifier,
        masked_iban=mask_iban(mandate.iban),
        account_holder=mandate.account_holder,
    )


def _build_bands(lines: Sequence[LineRow]) -> tuple[tuple[BandRow, ...], Decimal | None]:
    """Sums by wage band; in a percent tariff none, but the percentage."""
    ids = {line.tariff_id for line in lines if line.tariff_id}
    contents = {row.pk: row.content for row in TariffSnapshot.objects.filter(pk__in=ids)}
    groups: dict[tuple[int, int], list[LineRow]] = defaultdict(list)
    for line in lines:
        if line.band is not None and line.tariff_id is not None:
            groups[line.band, line.tariff_id].append(line)
    bands = {key: parse_applied_bands(content) for key, content in contents.items()}
    rows = []
    for (number, tariff_id), group in sorted(groups.items()):
        band = bands[tariff_id][number]
        premium = total(line.amount for line in group)
        rows.append(BandRow(number, band.above, band.up_to, band.premium, len(group), premium))
    percents = (parse_applied_percent(content) for content in contents.values())
    return tuple(rows), next((percent for percent in percents if percent is not None), None)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of one list: its rows, where they begin, and what the whole list comes to."""

    name: AnnexList
    rows: AnnexRows
    offset: int
    rows_total: int
    list_total: Decimal | None


def _cut(name: AnnexList, rows: AnnexRows) -> list[_Piece]:
    return [
        _Piece(name, rows[start : start + ANNEX_ROWS], start, len(rows), _sum_rows(rows))
        for start in range(0, len(rows), ANNEX_ROWS)
    ]


def _build_annexes(statement: Statement, lists: StatementLists) -> tuple[AnnexContext, ...]:
    pieces = [
        *_cut(AnnexList.INSURED, lists.insured),
        *_cut(AnnexList.LEAVERS, lists.leavers),
        *_cut(AnnexList.CORRECTIONS, lists.corrections),
    ]
    insurer = get_insurer()
    return tuple(
        AnnexContext(
            insurer=insurer,
            employer_name=statement.contract.employer.legal_name,
            statement_number=statement.number or "",
            contract_number=statement.contract.number,
            month=statement.month,
            part=part,
            parts=len(pieces),
            list_name=piece.name,
            first=piece.offset + 1,
            last=piece.offset + len(piece.rows),
            rows_total=piece.rows_total,
            subtotal=_sum_rows(piece.rows),
            list_total=piece.list_total,
            rows=piece.rows,
        )
        for part, piece in enumerate(pieces, start=1)
    )


def _sum_rows(rows: AnnexRows) -> Decimal | None:
    """EUR sum of a list, None for people who left: they cost nothing any more."""
    amounts = [
        row.premium if isinstance(row, InsuredRow) else row.difference
        for row in rows
        if not isinstance(row, LeaverRow)
    ]
    return total(amounts) if amounts else None
