"""Which tariff version prices a contract's month."""

from aupolicy.facts import TariffVersion
from aupolicy.facts.insurance_tax import Beneficiary
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import Period
from aupolicy.models import ContractVersion
from aupolicy.queries import get_tariff


class AgreedTariffs:
    """Tariff versions by contract and month for some contracts, and who of them is taxable.

    A month is priced by the terms and the tariff version in force on its first day, or on the
    contract's first day where it begins later in the month.
    """

    def __init__(self, contract_ids: list[int]) -> None:
        self._terms: dict[int, list[tuple[Period, str]]] = {}
        self._taxable: set[int] = set()
        versions = ContractVersion.objects.filter(contract_id__in=contract_ids)
        for version in versions.order_by("contract_id", "period"):
            terms = self._terms.setdefault(version.contract_id, [])
            terms.append((version.period, version.tariff_key))
            if version.beneficiary != Beneficiary.EMPLOYEE:
                self._taxable.add(version.contract_id)

    def list_taxable(self) -> set[int]:
        """The contracts of which any terms bring insurance tax (billing.queries.owed_tax)."""
        return self._taxable

    def of_month(self, contract_id: int, month: Month) -> TariffVersion | None:
        """The tariff version of a month, None where no terms are agreed for it."""
        for period, tariff_key in self._terms.get(contract_id, []):
            if period.intersection(month.period) is not None:
                return get_tariff(tariff_key).version_on(month.first_day)
        return None
