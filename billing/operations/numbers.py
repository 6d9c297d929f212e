"""Numbers without gaps."""

from billing.models import NumberSeries


def take_numbers(key: str, count: int) -> int:
    """Take `count` numbers of a series and return the first; the series stays locked.

    The caller holds the transaction: what is rolled back leaves no gap.
    """
    NumberSeries.objects.get_or_create(key=key)
    series = NumberSeries.objects.select_for_update().get(key=key)
    first = series.last + 1
    series.last += count
    series.save(update_fields=["last"])
    return first
