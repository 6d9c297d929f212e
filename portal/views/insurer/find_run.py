"""The run that an address names."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from aupolicy.kernel.month import Month, UnableToReadMonth
from billing.models import BillingRun


def find_run(month: str) -> BillingRun:
    """The run of a month of an address, else 404."""
    try:
        first_day = Month.parse(month).first_day
    except UnableToReadMonth as error:
        raise Http404 from error
    return get_object_or_404(BillingRun, kind=BillingRun.PREMIUM, month=first_day)
