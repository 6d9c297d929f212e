"""Reads of an employer's posted statements."""

from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet, Sum

from aupolicy.kernel.money import ZERO
from aupolicy.models import Employer
from billing.models import BillingRun, Statement
from billing.queries.open_items import with_payments

STATEMENTS_PAGE_SIZE = 24


def find_statements(employer: Employer) -> QuerySet[Statement]:
    """The posted statements of all of an employer's contracts, newest first."""
    found = Statement.objects.filter(
        contract__employer=employer, number__isnull=False, run__kind=BillingRun.PREMIUM
    ).select_related("run", "contract__employer", "contract__broker")
    return with_payments(found).order_by("-month", "-pk")


def page_of_statements(employer: Employer, page: str) -> Page[Statement]:
    """One page of them."""
    return Paginator(find_statements(employer), STATEMENTS_PAGE_SIZE).get_page(page)


def sum_year(employer: Employer, year: int) -> Decimal:
    """What the statements for the months of a year come to, EUR."""
    found = find_statements(employer).filter(month__year=year).aggregate(total=Sum("total"))
    return found["total"] or ZERO
