"""What the statement of a broker's commission says, from its recorded entries."""

from decimal import Decimal

from django.db.models import QuerySet

from aupolicy.kernel.money import total
from billing.models import CommissionStatement
from billing.queries.commission import find_broker_accounts, get_carried, list_by_contract
from documents.facts import Address, CommissionContext, CommissionRow
from documents.queries.parties import get_insurer
from documents.rules import mask_iban


class UnableToBuildCommission(ValueError):
    """A commission statement whose entries do not add up to its total."""


def build_commission(statement: CommissionStatement) -> CommissionContext:
    """What the letter of a commission statement says. Raises UnableToBuildCommission."""
    broker = statement.broker
    rows = tuple(
        CommissionRow(
            contract_number=row.contract_number,
            employer_name=row.employer_name,
            is_first_year=row.is_first_year,
            percent=_trim(row.percent),
            base=row.base,
            amount=row.amount,
            is_reversed=row.is_reversed,
        )
        for row in list_by_contract(statement)
    )
    if total(row.amount for row in rows) != statement.total:
        raise UnableToBuildCommission(f"{statement}: entries do not add up to {statement.total}")
    account = find_broker_accounts([broker.pk]).get(broker.pk)
    return CommissionContext(
        insurer=get_insurer(),
        recipient=Address((broker.legal_name,)),
        broker_name=broker.legal_name,
        registration_number=broker.registration_number,
        agency_number=broker.agency_number,
        number=statement.number,
        month=statement.month,
        issued_on=statement.issued_on,
        rows=rows,
        total=statement.total,
        carried=get_carried(statement),
        masked_iban=mask_iban(account.iban) if account else "",
    )


def _trim(percent: Decimal) -> Decimal:
    """Without the zeros behind that only the table's column has."""
    return Decimal(f"{percent:f}".rstrip("0").rstrip("."))


def list_commission_without_letter() -> QuerySet[CommissionStatement]:
    """Commission statements that no letter was written for, the oldest first."""
    found = CommissionStatement.objects.filter(documents=None)
    return found.select_related("broker").order_by("pk")
