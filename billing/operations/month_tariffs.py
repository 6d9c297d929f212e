"""Which tariff prices a contract's month, with the snapshot that a line points at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from aupolicy.facts import TariffVersion
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import Period
from aupolicy.models import ContractVersion
from aupolicy.operations import snapshot_tariff
from aupolicy.queries import get_tariff
from billing.facts.premium import BareStretch, Charge
from billing.rules.premium import compute_charge_between


# Each is itself and no other: a slice makes one a tariff and month, and looks things up by it.
@dataclass(frozen=True, slots=True, eq=False)
class MonthTariff:
    """A month with the tariff version that prices it; its days unpacked for inner loops."""

    first_day: date
    last_day: date
    tariff: TariffVersion
    snapshot_id: int

    def compute(self, stretches: Iterable[BareStretch]) -> Charge | None:
        """What a person with such cover owes for the month."""
        return compute_charge_between(stretches, self.first_day, self.last_day, self.tariff)


def keep_tariffs(month: Month) -> None:
    """Keep every tariff version that lines of months up to this one can point at.

    A run does it before its workers begin. Left to them, two could each keep a version and wait
    for the other's.
    """
    versions = ContractVersion.objects.order_by("tariff_key")
    for key in versions.values_list("tariff_key", flat=True).distinct():
        for version in get_tariff(key).versions:
            if version.valid_from <= month.last_day:
                snapshot_tariff(version)


class MonthTariffs:
    """Tariffs by contract and month for the contracts of one slice.

    A month is priced by the terms and the tariff version in force on its first day, or on the
    contract's first day where it begins later in the month.
    """

    def __init__(self, contract_ids: list[int]) -> None:
        self._terms: dict[int, list[tuple[Period, str]]] = {}
        versions = ContractVersion.objects.filter(contract_id__in=contract_ids)
        for version in versions.order_by("contract_id", "period"):
            terms = self._terms.setdefault(version.contract_id, [])
            terms.append((version.period, version.tariff_key))
        self._found: dict[tuple[str, Month], MonthTariff | None] = {}

    def of_month(self, contract_id: int, month: Month) -> MonthTariff | None:
        """The tariff of a month, None where no terms are agreed for it."""
        for period, tariff_key in self._terms.get(contract_id, []):
            if period.intersection(month.period) is not None:
                return self._version(tariff_key, month)
        return None

    def of_months(self, contract_id: int, months: Iterable[Month]) -> Iterator[MonthTariff]:
        """The tariffs of several months, without months that have no terms."""
        for month in months:
            found = self.of_month(contract_id, month)
            if found is not None:
                yield found

    def _version(self, tariff_key: str, month: Month) -> MonthTariff | None:
        key = (tariff_key, month)
        if key not in self._found:
            version = get_tariff(tariff_key).version_on(month.first_day)
            self._found[key] = (
                None
                if version is None
                else MonthTariff(
                    month.first_day, month.last_day, version, snapshot_tariff(version).pk
                )
            )
        return self._found[key]
