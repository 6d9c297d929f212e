"""The terms by which notices are judged."""

from datetime import date, datetime

from django.utils import timezone

from aupolicy.models import ContractVersion, GroupContract
from aupolicy.queries import get_tariff
from members.rules import DayTerms


def received_on(received_at: datetime) -> date:
    """The local day of a moment of receipt."""
    return timezone.localtime(received_at).date()


class ContractTerms:
    """The terms that a contract settles for notices of single days; each day once."""

    def __init__(self, contract: GroupContract) -> None:
        self._contract = contract
        self._versions: list[ContractVersion] = list(contract.versions.order_by("period"))
        self._by_day: dict[date, DayTerms] = {}

    def on(self, day: date) -> DayTerms:
        """What holds for notices that take effect on a day."""
        found = self._by_day.get(day)
        if found is None:
            found = self._by_day[day] = self._find(day)
        return found

    def _find(self, day: date) -> DayTerms:
        # A day before the contract is judged by its first terms.
        terms = next((v for v in self._versions if day in v.period), self._versions[0])
        tariff = get_tariff(terms.tariff_key)
        version = tariff.version_on(day) or tariff.versions[0]
        return DayTerms(self._contract.period, version.parameters, terms.co_insures_directors)
