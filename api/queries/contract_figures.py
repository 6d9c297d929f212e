"""Contracts as programs read them: figures, never people."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from aupolicy.facts import TariffVersion
from aupolicy.kernel.money import ZERO
from aupolicy.models import ContractVersion, GroupContract, Right
from aupolicy.queries import get_contract_state, get_tariff
from aupolicy.queries.access import Rights, includes
from aupolicy.rules import compute_quote

_COUNTS = """
SELECT m.contract_id, i.amount, COUNT(*)
FROM members_membership m
JOIN aupolicy_groupcontract c ON c.id = m.contract_id AND c.period @> %(day)s::date
JOIN members_insuredpay i ON i.membership_id = m.id AND i.period @> %(day)s::date
WHERE m.contract_id = ANY(%(contracts)s) AND m.period @> %(day)s::date
GROUP BY m.contract_id, i.amount
"""
Payroll = Mapping[Decimal, int]


@dataclass(frozen=True, slots=True)
class DayTerms:
    """What is agreed for a day: the terms and the tariff version that prices it."""

    terms: ContractVersion
    tariff: TariffVersion | None


def count_payrolls(contracts: Collection[int], day: date) -> Mapping[int, Payroll]:
    """People insured on a day by monthly pay, for each of some contracts.

    Counted over everybody, so ask it outside of the fence: who may see no people may see how
    many there are.
    """
    found: dict[int, dict[Decimal, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"contracts": list(contracts), "day": day})
        for contract_id, pay, people in cursor.fetchall():
            found[contract_id][pay] = people
    return found


def read_day_terms(contracts: Collection[int], day: date) -> Mapping[int, DayTerms]:
    """What is agreed for a day; contracts without terms on it are left out."""
    versions = ContractVersion.objects.filter(contract__in=contracts, period__contains=day)
    return {
        version.contract_id: DayTerms(version, get_tariff(version.tariff_key).version_on(day))
        for version in versions
    }


def write_contract(
    contract: GroupContract, terms: DayTerms | None, payroll: Payroll, rights: Rights, day: date
) -> dict[str, Any]:
    """A contract as an answer tells it; its employer and broker must have been read along."""
    right = rights.right_for(contract.employer_id)
    return {
        "id": contract.public_id,
        "number": contract.number,
        "employer": {
            "id": contract.employer.public_id,
            "name": contract.employer.legal_name,
        },
        "broker": contract.broker.legal_name if contract.broker else None,
        "state": get_contract_state(contract, day).value,
        "first_day": contract.period.first_day,
        "last_day": contract.period.last_day,
        "terms": _write_terms(terms) if terms else None,
        **_price(terms, payroll),
        "may_see_people": includes(right, Right.READ),
        "may_report": includes(right, Right.EDIT),
    }


def _write_terms(found: DayTerms) -> dict[str, Any]:
    terms, tariff = found.terms, found.tariff
    return {
        "tariff": terms.tariff_key,
        "tariff_valid_from": tariff.valid_from if tariff else None,
        "agreed_from": terms.period.first_day,
        "agreed_until": terms.period.last_day,
        "co_insures_directors": terms.co_insures_directors,
        "pre_notification_days": terms.pre_notification_days,
        "collection_day": terms.collection_day,
    }


def _price(terms: DayTerms | None, payroll: Payroll) -> dict[str, Any]:
    insured = sum(payroll.values())
    premium = ZERO
    if terms is not None and terms.tariff is not None:
        premium = compute_quote(terms.tariff, payroll).premium
    return {"insured": insured, "monthly_premium": premium}
