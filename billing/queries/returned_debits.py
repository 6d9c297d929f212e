"""Debits that came back: how often, and those a page shows."""

from collections.abc import Collection
from decimal import Decimal

from django.db.models import Count, DecimalField, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from billing.models import Allocation, ReturnedDebit

_EUR = DecimalField(max_digits=14, decimal_places=2)


def count_unpaid_returns(
    contract_ids: Collection[int], codes: Collection[str]
) -> dict[tuple[int, str], int]:
    """How often debits of contracts came back for a reason and were not paid since."""
    settled = (
        Allocation.objects.filter(open_item=OuterRef("debit__open_item"))
        .order_by()
        .values("open_item")
        .annotate(sum=Sum("amount"))
        .values("sum")
    )
    rows = (
        ReturnedDebit.objects.filter(
            Q(debit__open_item__contract__among=contract_ids), reason_code__in=codes
        )
        .annotate(settled=Coalesce(Subquery(settled), Decimal(0), output_field=_EUR))
        .filter(settled__lt=F("debit__open_item__amount"))
        .values_list("debit__open_item__contract", "reason_code")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return {(contract_id, code): count for contract_id, code, count in rows}
