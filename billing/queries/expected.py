"""What a contract's next statement will come to, from what is known now; nothing is written."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Sum

from aupolicy.facts import TariffVersion
from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import ONE_DAY
from aupolicy.models import GroupContract
from billing.models import PremiumLine, Statement
from billing.queries.month_tariffs import AgreedTariffs
from billing.queries.owed import parse_cover
from billing.queries.owed_tax import Net, OwedTax, sum_tax
from billing.rules.premium import compute_charge


@dataclass(frozen=True, slots=True)
class ExpectedStatement:
    """The next statement, EUR: `corrections` is the premium of months billed before.

    `tax` is the insurance tax in the total; `insured` and `payroll` are those of its month.
    """

    month: Month
    total: Decimal
    corrections: Decimal
    tax: Decimal
    insured: int
    payroll: Decimal


def compute_expected(
    contract: GroupContract, *, last: Statement | None, month: Month
) -> ExpectedStatement:
    """What a run for a month would charge a contract whose last posted statement is `last`.

    Two queries, and three more for a taxable contract, however many people there are; one row for
    each different cover is read.
    """
    agreed = AgreedTariffs([contract.pk])
    pricer = _Pricer(contract.pk, agreed)
    first_new = Month.of(last.month).plus(1) if last else Month.of(contract.period.first_day)
    covers, changes = _read(contract, last, first_new=first_new, month=month)
    premium: dict[date, Decimal] = defaultdict(Decimal)
    insured, payroll = 0, ZERO
    for each in first_new.through(month):
        amount, insured, payroll = pricer.price_month(covers, each)
        premium[each.first_day] += amount
    corrections = ZERO
    if last is not None:
        billed = first_new.plus(-1)
        for change in changes:
            for each, amount in pricer.price_change(change, contract.period.first_day, billed):
                premium[each.first_day] += amount
                corrections += amount
    tax = _compute_tax(contract.pk, premium) if agreed.list_taxable() else ZERO
    total = sum(premium.values(), tax)
    return ExpectedStatement(month, total, corrections, tax, insured, payroll)


class _Change(NamedTuple):
    """Somebody whose billed months may have changed: since when, all cover, what was charged."""

    since: date
    cover: str | None
    charged: dict[str, str]


class _Pricer:
    """Prices months of one contract by the tariffs agreed for them."""

    def __init__(self, contract_id: int, agreed: AgreedTariffs) -> None:
        self._contract_id, self._agreed = contract_id, agreed

    def _tariff(self, month: Month) -> TariffVersion | None:
        return self._agreed.of_month(self._contract_id, month)

    def price_month(self, covers: Counter[str], month: Month) -> tuple[Decimal, int, Decimal]:
        """Premium, people and payroll of a month."""
        total, insured, payroll = ZERO, 0, ZERO
        tariff = self._tariff(month)
        if tariff is None:
            return total, insured, payroll
        for cover, people in covers.items():
            charge = compute_charge(parse_cover(cover), month=month, tariff=tariff)
            if charge is not None:
                total += charge.amount * people
                payroll += charge.pay * people
                insured += people
        return total, insured, payroll

    def price_change(
        self, change: _Change, start: date, billed: Month
    ) -> Iterator[tuple[Month, Decimal]]:
        """Owed minus recorded in billed months."""
        stretches = parse_cover(change.cover) if change.cover else []
        for month in Month.of(max(change.since, start)).through(billed):
            tariff = self._tariff(month)
            charge = tariff and compute_charge(stretches, month=month, tariff=tariff)
            owed = charge.amount if charge else ZERO
            yield month, owed - Decimal(change.charged.get(str(month), 0))


def _compute_tax(contract_id: int, premium: Mapping[date, Decimal]) -> Decimal:
    """The insurance tax of the next statement, on top of its premium by month."""
    posted = PremiumLine.objects.filter(contract=contract_id).values_list("covered_month")
    charged = dict(posted.annotate(amount=Sum("amount")))
    nets = {
        month: Net(charged.get(month, ZERO) + premium.get(month, ZERO), premium.get(month, ZERO))
        for month in {*charged, *premium}
    }
    return sum_tax(OwedTax([contract_id]).list_lines(contract_id, nets))


# Two lists in one query. First everybody's cover in the months not billed yet, as a run reads it
# (billing.queries.owed), counted where it is equal. Then the people whose billed months may have
# changed, as a run finds them, each with all cover until then and with what was charged.
_READ = """
WITH covers AS (
    SELECT string_agg(concat_ws(' ',
        GREATEST(lower(i.period), lower(c.period), %(first_day)s::date) - DATE '0001-01-01' + 1,
        LEAST(upper(i.period), upper(c.period), %(end_day)s::date) - DATE '0001-01-01',
        i.amount), E'\n' ORDER BY i.period) AS cover
    FROM members_membership m
    JOIN aupolicy_groupcontract c ON c.id = m.contract_id
    JOIN members_insuredpay i ON i.membership_id = m.id
    WHERE m.contract_id = %(contract)s AND %(first_day)s::date < %(end_day)s::date
      AND i.period && daterange(LEAST(%(first_day)s::date, %(end_day)s::date), %(end_day)s::date)
      AND i.period && c.period
    GROUP BY m.person_id
), changed AS (
    SELECT person, MIN(since) AS since FROM (
        SELECT p.id AS person, CASE WHEN n.kind IN ('LEAVE', 'DEATH') THEN n.effective + 1
                                    ELSE n.effective END AS since
        FROM members_noticerecord n
        JOIN members_person p
            ON p.employer_id = %(employer)s AND p.personnel_number = n.personnel_number
        WHERE n.contract_id = %(contract)s AND n.id > %(through)s::bigint AND n.status <> 'REFUSED'
        UNION ALL
        SELECT m.person_id, terms.since FROM members_membership m, (
            SELECT LEAST(MIN(lower(v.period)), %(end_moved)s::date) AS since
            FROM aupolicy_contractversion v
            WHERE v.contract_id = %(contract)s AND v.id > %(terms_through)s::bigint
        ) terms
        WHERE m.contract_id = %(contract)s AND terms.since IS NOT NULL
    ) every GROUP BY person
)
SELECT NULL, cover, '{}'::json, COUNT(*) FROM covers GROUP BY cover
UNION ALL
SELECT changed.since,
    (SELECT string_agg(concat_ws(' ',
        GREATEST(lower(i.period), lower(c.period)) - DATE '0001-01-01' + 1,
        LEAST(upper(i.period), upper(c.period), %(next_day)s::date) - DATE '0001-01-01',
        i.amount), E'\n')
     FROM members_membership m
     JOIN aupolicy_groupcontract c ON c.id = m.contract_id
     JOIN members_insuredpay i ON i.membership_id = m.id
     WHERE m.contract_id = %(contract)s AND m.person_id = changed.person
       AND i.period && c.period AND lower(i.period) < %(next_day)s),
    (SELECT COALESCE(json_object_agg(to_char(month, 'YYYY-MM'), amount::text), '{}') FROM (
        SELECT l.covered_month AS month, SUM(l.amount) AS amount FROM billing_premiumline l
        WHERE l.contract_id = %(contract)s AND l.person_id = changed.person
        GROUP BY l.covered_month) charged),
    0
FROM changed
"""


def _read(
    contract: GroupContract, last: Statement | None, *, first_new: Month, month: Month
) -> tuple[Counter[str], list[_Change]]:
    parameters: dict[str, Any] = {
        "contract": contract.pk,
        "employer": contract.employer_id,
        "first_day": first_new.first_day,
        "end_day": month.plus(1).first_day,
        # Without a statement nothing is billed, so nothing can have changed: null compares to none.
        "through": last.notices_through if last else None,
        "terms_through": last.terms_through if last else None,
        "end_moved": _find_moved_end(contract, last) if last else None,
        "next_day": first_new.first_day,
    }
    covers: Counter[str] = Counter()
    changes: list[_Change] = []
    with connection.cursor() as cursor:
        cursor.execute(_READ, parameters)
        for since, cover, charged, people in cursor.fetchall():
            if since is None:
                covers[cover] = people
            else:
                changes.append(_Change(since, cover, charged))
    return covers, changes


def _find_moved_end(contract: GroupContract, last: Statement) -> date | None:
    """The earlier of the contract's last days as known now and by a statement, where they differ.

    The day after it is the first whose being under contract changed.
    """
    end, known = contract.period.last_day, last.contract_end
    if end == known:
        return None
    return min(day for day in (end, known) if day is not None) + ONE_DAY
