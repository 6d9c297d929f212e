"""Why a premium line is what it is: read from notices, tariff snapshot and earlier statements."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import earliest_end
from aupolicy.models import TariffSnapshot
from aupolicy.parsing.tariffs import parse_kept_version
from aupolicy.rules import compute_price
from billing.facts.explanation import (
    BandSource,
    CoveredDays,
    LineExplanation,
    NoticeSource,
    PaySource,
    Recorded,
    TariffSource,
)
from billing.models import BillingRun, Statement
from billing.queries.contract_difference import compare_contract, explain_contract
from billing.queries.lines import LineRow
from billing.queries.person_lives import get_knowledge, read_lives
from billing.rules.explanation import list_steps
from members.facts import Channel, Cover, NoticeKind, PayPeriod
from members.models import NoticeRecord

_SAY_PAY = (NoticeKind.JOIN, NoticeKind.RETURN, NoticeKind.PAY_CHANGE)


def explain_line(*, statement: Statement, line: LineRow) -> LineExplanation:
    """Why a line of a statement is what it is, as it was known when the statement was made."""
    month = Month.of(line.covered_month)
    covers = _list_covers(statement, line.person_id, month)
    snapshot = TariffSnapshot.objects.filter(pk=line.tariff_id or 0).first()
    tariff = _find_value(snapshot, line) if snapshot and line.pay is not None else None
    covered = _count_days(month, covers, line)
    pay = _find_pay(statement, line, covers)
    return LineExplanation(
        statement_id=str(statement.public_id),
        statement_number=statement.number or "",
        statement_month=Month.of(statement.month),
        issued_on=statement.issued_on,
        personnel_number=line.personnel_number,
        last_name=line.last_name,
        first_name=line.first_name,
        month=month,
        covered=covered,
        pay=pay,
        tariff=tariff,
        steps=list_steps(
            pay=line.pay,
            percent=tariff.value if tariff and tariff.band is None else None,
            premium=_get_premium(snapshot, line),
            covered=covered,
            recorded=line.recorded_before,
            amount=line.amount,
        ),
        owed=line.owed,
        recorded=tuple(_list_recorded(statement, line)),
        amount=line.amount,
        reasons=_list_reasons(statement, line.person_id),
    )


def _list_covers(statement: Statement, person_id: int, month: Month) -> list[Cover]:
    """The covers that reach into a month, as the statement knew them."""
    knowledge = get_knowledge(statement.contract, statement, None)
    covers = read_lives(knowledge, [person_id])[person_id].covers
    return [cover for cover in covers if cover.period.intersection(month.period)]


def _count_days(month: Month, covers: Sequence[Cover], line: LineRow) -> CoveredDays:
    if not line.covered_days or not covers:
        return CoveredDays(line.covered_days, month.last_day.day, None, None)
    return CoveredDays(
        days=line.covered_days,
        month_days=month.last_day.day,
        first_day=max(covers[0].period.first_day, month.first_day),
        last_day=earliest_end(covers[-1].period.last_day, month.last_day),
    )


def _find_pay(statement: Statement, line: LineRow, covers: Sequence[Cover]) -> PaySource | None:
    if line.pay is None:
        return None
    month = Month.of(line.covered_month)
    reaching = (p for c in covers for p in c.pays if p.period.intersection(month.period))
    pay = min(reaching, key=lambda found: found.period.first_day, default=None)
    if pay is None or pay.amount != line.pay:
        return PaySource(line.pay, None, None)
    return PaySource(line.pay, pay.period.first_day, _find_notice(statement, line, pay))


def _find_notice(statement: Statement, line: LineRow, pay: PayPeriod) -> NoticeSource | None:
    """The last notice of a pay that took effect by its first day; one of that day, if there is."""
    records = NoticeRecord.objects.filter(
        contract=statement.contract_id,
        personnel_number=line.personnel_number,
        kind__in=[kind.value for kind in _SAY_PAY],
        pay=pay.amount,
        effective__lte=pay.period.first_day,
        id__lte=statement.notices_through,
    ).exclude(status="REFUSED")
    record = records.order_by("-effective", "-id").first()
    if record is None:
        return None
    return NoticeSource(
        notice_id=record.pk,
        public_id=str(record.public_id),
        kind=NoticeKind(record.kind),
        effective=record.effective,
        received_on=timezone.localtime(record.received_at).date(),
        channel=Channel(record.channel),
    )


def _get_premium(snapshot: TariffSnapshot | None, line: LineRow) -> Decimal | None:
    """The full premium of the line's month by the rule of the run, None without cover."""
    if snapshot is None or line.pay is None:
        return None
    return compute_price(parse_kept_version(snapshot.key, snapshot.content), line.pay).premium


def _find_value(snapshot: TariffSnapshot, line: LineRow) -> TariffSource:
    """The value of a tariff that priced a line, with unit and source, as it was applied."""
    content: Mapping[str, Any] = snapshot.content
    band = None
    if line.band is None:
        item = content["rate"]["premium_percent"]
    else:
        found = next(each for each in content["bands"] if int(each["number"]) == line.band)
        item = found["premium"]
        up_to = found["up_to"]["value"]
        band = BandSource(
            number=line.band,
            above=_to_amount(found["above"]["value"]),
            up_to=None if up_to == "open" else _to_amount(up_to),
        )
    value = Decimal(item["value"])
    return TariffSource(
        key=snapshot.key,
        valid_from=snapshot.valid_from,
        digest=snapshot.digest,
        band=band,
        value=_to_amount(item["value"]) if band else value,
        unit=item["unit"],
        source=content["sources"][item["source"]],
    )


def _to_amount(value: str) -> Decimal:
    return Decimal(value).quantize(ZERO)


_RECORDED = """
SELECT s.id, s.public_id, s.number, s.month, s.issued_on, l.amount
FROM billing_premiumline l
JOIN billing_statement s ON s.run_id = l.run_id AND s.contract_id = l.contract_id
WHERE l.contract_id = %(contract)s AND l.person_id = %(person)s
  AND l.covered_month = %(month)s AND l.run_id < %(run)s
ORDER BY s.month
"""


def _list_recorded(statement: Statement, line: LineRow) -> list[Recorded]:
    parameters: dict[str, int | date] = {
        "contract": statement.contract_id,
        "person": line.person_id,
        "month": line.covered_month,
        "run": statement.run_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RECORDED, parameters)
        return [
            Recorded(key, str(public_id), number, Month.of(month), issued_on, amount)
            for key, public_id, number, month, issued_on, amount in cursor.fetchall()
        ]


def _list_reasons(statement: Statement, person_id: int) -> tuple[Any, ...]:
    """Why the person's part of the statement differs from that of the run before."""
    if statement.run.kind != BillingRun.PREMIUM:
        return ()
    compared = compare_contract(statement.run, statement.contract)
    people = explain_contract(compared, person_id=person_id).people
    return people[0].reasons if people else ()
