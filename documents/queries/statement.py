"""What the letter of a posted statement says, from its booked lines."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Sum

from aupolicy.kernel.money import ZERO, total
from aupolicy.models import TariffSnapshot
from aupolicy.queries import get_terms
from aupolicy.rules import compute_rate_percent
from billing.facts.debit import Scheme
from billing.models import OpenItem, Statement
from billing.queries.mandate_state import ByTransfer, get_payment_way
from billing.queries.open_items import list_open_items
from billing.queries.statement_tax import list_taxed_parts
from documents.facts import BandRow, Payment, Settlement, StatementContext, TaxRow
from documents.parsing import parse_applied_bands, parse_applied_percent
from documents.queries.parties import broker_contact, employer_address, get_insurer, tariff_name
from documents.queries.statement_lists import LineSum
from documents.rules import mask_iban

MONTHS_A_YEAR = 12
TWO_DECIMALS = Decimal("0.01")


class UnableToBuildStatement(ValueError):
    """A statement that has no letter: a preview, or one that its lines do not add up to."""


def build_statement(statement: Statement, sums: Sequence[LineSum]) -> StatementContext:
    """What the letter of a posted statement says; `sums` are those of its lines.

    Raises UnableToBuildStatement for a preview and when lines and total differ.
    """
    if statement.number is None or statement.issued_on is None:
        raise UnableToBuildStatement(f"{statement} is a preview")
    current = [line for line in sums if line.is_current]
    past = [line for line in sums if not line.is_current]
    premium, corrections = (total(line.amount for line in lines) for lines in (current, past))
    if premium + corrections + statement.tax != statement.total:
        raise UnableToBuildStatement(f"{statement}: lines do not add up to {statement.total}")
    contract = statement.contract
    percent = compute_rate_percent(premium, statement.payroll)
    bands, premium_percent = _build_bands(current)
    terms = get_terms(contract, max(statement.month, contract.period.first_day))
    return StatementContext(
        insurer=get_insurer(),
        recipient=employer_address(contract.employer),
        employer_name=contract.employer.legal_name,
        number=statement.number,
        contract_number=contract.number,
        tariff_name=tariff_name(terms.tariff_key),
        month=statement.month,
        issued_on=statement.issued_on,
        broker=broker_contact(contract.broker),
        insured_count=statement.insured_count,
        payroll=statement.payroll,
        month_premium=premium,
        corrections_count=sum(line.count for line in past),
        corrections_total=corrections,
        total=statement.total,
        yearly_premium=premium * MONTHS_A_YEAR,
        yearly_payroll=statement.payroll * MONTHS_A_YEAR,
        yearly_percent=percent.quantize(TWO_DECIMALS, rounding=ROUND_HALF_UP),
        premium_percent=premium_percent,
        bands=bands,
        taxes=tuple(
            TaxRow(part.net, part.rate_percent, part.tax, part.reason.get("de", ""))
            for part in list_taxed_parts(statement)
        ),
        open_before=_sum_open(statement),
        payment=_build_payment(statement),
    )


def _sum_open(statement: Statement) -> Decimal:
    """What other demands of the contract are open with when the letter is written, EUR."""
    others = OpenItem.objects.filter(contract_id=statement.contract_id).exclude(statement=statement)
    found = list_open_items(others).aggregate(sum=Sum("open_amount"))
    return found["sum"] or ZERO


def _build_payment(statement: Statement) -> Payment:
    if statement.total <= 0:
        how = Settlement.CREDIT if statement.total else Settlement.NOTHING
        return Payment(how, abs(statement.total))
    way = get_payment_way(statement)
    if isinstance(way, ByTransfer):
        return Payment(Settlement.TRANSFER, statement.total, way.due, reason=way.reason)
    mandate = way.mandate
    return Payment(
        settlement=Settlement.DEBIT,
        amount=statement.total,
        due_date=way.due,
        scheme=Scheme(mandate.scheme),
        mandate_reference=mandate.reference,
        creditor_identifier=mandate.creditor_identifier,
        masked_iban=mask_iban(mandate.iban),
        account_holder=mandate.account_holder,
    )


def _build_bands(sums: Sequence[LineSum]) -> tuple[tuple[BandRow, ...], Decimal | None]:
    """Sums by wage band; in a percent tariff none, but the percentage."""
    ids = {line.tariff_id for line in sums if line.tariff_id}
    contents = {row.pk: row.content for row in TariffSnapshot.objects.filter(pk__in=ids)}
    bands = {key: parse_applied_bands(content) for key, content in contents.items()}
    rows = []
    for line in sorted(sums, key=lambda each: (each.band or 0, each.tariff_id or 0)):
        if line.band is not None and line.tariff_id is not None:
            band = bands[line.tariff_id][line.band]
            each = (band.above, band.up_to, band.premium)
            rows.append(BandRow(line.band, *each, line.count, line.amount))
    percents = (parse_applied_percent(content) for content in contents.values())
    return tuple(rows), next((percent for percent in percents if percent is not None), None)
