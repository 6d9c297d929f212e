"""Which tariff prices a contract's month, with the snapshot that a line points at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from aupolicy.facts import TariffVersion
from aupolicy.kernel.month import Month
from aupolicy.models import ContractVersion
from aupolicy.operations import snapshot_tariff
from aupolicy.queries import get_tariff
from billing.facts.premium import BareStretch, Charge
from billing.queries.month_tariffs import AgreedTariffs
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
    """The tariffs of `AgreedTariffs` for the contracts of one slice, with their snapshots."""

    def __init__(self, contract_ids: list[int]) -> None:
        self.agreed = AgreedTariffs(contract_ids)
        self._found: dict[tuple[str, date, Month], MonthTariff] = {}

    def of_month(self, contract_id: int, month: Month) -> MonthTariff | None:
        """The tariff of a month, None where no terms are agreed for it."""
        version = self.agreed.of_month(contract_id, month)
        return None if version is None else self._keep(version, month)

    def snapshot_of(self, version: TariffVersion, month: Month) -> int:
        """The snapshot that a line of a month priced by a version points at."""
        return self._keep(version, month).snapshot_id

    def _keep(self, version: TariffVersion, month: Month) -> MonthTariff:
        key = (version.key, version.valid_from, month)
        found = self._found.get(key)
        if found is None:
            snapshot_id = snapshot_tariff(version).pk
            found = MonthTariff(month.first_day, month.last_day, version, snapshot_id)
            self._found[key] = found
        return found

    def of_months(self, contract_id: int, months: Iterable[Month]) -> Iterator[MonthTariff]:
        """The tariffs of several months, without months that have no terms."""
        for month in months:
            found = self.of_month(contract_id, month)
            if found is not None:
                yield found
