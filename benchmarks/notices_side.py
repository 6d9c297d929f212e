"""One side of `benchmarks.apply_notices` in a process of its own.

    python -m benchmarks.notices_side (product | orm) (join | pay) COUNT

Says "ready" when everything is imported and connected; begins when it reads a line, and ends with
one line of JSON: seconds, peak memory, and a digest of the rows that does not depend on ids.
"""

import argparse
import importlib
import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import django
from django.db import connection, transaction

from aupolicy.kernel.period import ONE_DAY, Period
from benchmarks.product import read_peak_kib
from members.facts import Notice, NoticeKind

START, CHANGE = date(2026, 1, 1), date(2026, 3, 1)
JOINED, CHANGED = datetime(2025, 12, 15, tzinfo=UTC), datetime(2026, 2, 15, tzinfo=UTC)


def main() -> None:
    """Wait for the sign, apply or save, and tell what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("side", choices=["product", "orm"])
    parser.add_argument("what", choices=["join", "pay"])
    parser.add_argument("count", type=int)
    arguments = parser.parse_args()
    django.setup()
    # Only now can the product be imported.
    contract = importlib.import_module("aupolicy.models").GroupContract.objects.get()
    importlib.import_module("members.operations")
    # Once in the life of a worker: the tariff files.
    importlib.import_module("aupolicy.queries").tariffs()
    importlib.import_module("members.queries").retirement_steps()
    notices = make_notices(arguments.what, arguments.count)
    side: Callable[[Any, Sequence[Notice]], None] = SIDES[arguments.side]
    before = read_peak_kib()
    print("ready", flush=True)
    sys.stdin.readline()
    begin, cpu = time.monotonic(), time.process_time()
    side(contract, notices)
    seconds, cpu = time.monotonic() - begin, time.process_time() - cpu
    result = {
        "seconds": seconds,
        "cpu": cpu,
        "rss_before_kib": before,
        "rss_peak_kib": read_peak_kib(),
        "digest": read_digest(),
    }
    print(json.dumps(result), flush=True)


def make_notices(what: str, count: int) -> list[Notice]:
    """Constructed people who join, or their pay that changes."""
    if what == "join":
        return [_joining(number) for number in range(count)]
    return [
        Notice(
            kind=NoticeKind.PAY_CHANGE,
            personnel_number=str(number),
            effective=CHANGE,
            received_at=CHANGED,
            pay=_pay(number) + 100,
            row=number + 2,
        )
        for number in range(count)
    ]


def _joining(number: int) -> Notice:
    return Notice(
        kind=NoticeKind.JOIN,
        personnel_number=str(number),
        effective=START,
        received_at=JOINED,
        pay=_pay(number),
        first_name="Vorname",
        last_name=f"Name {number}",
        birth_date=date(1970, 1, 1) + timedelta(days=number % 9_000),
        row=number + 2,
    )


def _pay(number: int) -> Decimal:
    return Decimal(200_000 + number * 37 % 300_000).scaleb(-2)


def apply(contract: Any, notices: Sequence[Notice]) -> None:
    """The product's side: judged, compared with all that is known, derived, written, committed."""
    importlib.import_module("members.operations").apply_notices(contract=contract, notices=notices)


def save(contract: Any, notices: Sequence[Notice]) -> None:
    """The other side: the same rows saved one by one, nothing judged, in one transaction too."""
    save_one = _save_joining if notices[0].kind is NoticeKind.JOIN else _save_pay
    models = importlib.import_module("members.models")
    with transaction.atomic():
        for notice in notices:
            _record(models, contract, notice).save()
            save_one(models, contract, notice)


def _record(models: Any, contract: Any, notice: Notice) -> Any:
    return models.NoticeRecord(
        contract=contract,
        personnel_number=notice.personnel_number,
        kind=notice.kind.value,
        effective=notice.effective,
        received_at=notice.received_at,
        pay=notice.pay,
        first_name=notice.first_name,
        last_name=notice.last_name,
        birth_date=notice.birth_date,
        employment=notice.employment,
        row=notice.row,
        status="APPLIED",
        codes=[],
    )


def _save_joining(models: Any, contract: Any, notice: Notice) -> None:
    rules = importlib.import_module("members.rules")
    steps = importlib.import_module("members.queries").retirement_steps()
    assert notice.birth_date is not None
    end = rules.compute_retirement_end(notice.birth_date, steps)
    period = Period(notice.effective, end)
    person = models.Person(
        employer_id=contract.employer_id,
        personnel_number=notice.personnel_number,
        first_name=notice.first_name,
        last_name=notice.last_name,
        birth_date=notice.birth_date,
    )
    person.save()
    membership = models.Membership(
        contract=contract, person=person, period=period, end_reason="RETIREMENT_AGE"
    )
    membership.save()
    models.InsuredPay(membership=membership, period=period, amount=notice.pay).save()


def _save_pay(models: Any, contract: Any, notice: Notice) -> None:
    """The pay on record ends the day before, the new one begins; it is found as one finds it."""
    former = models.InsuredPay.objects.get(
        membership__contract=contract,
        membership__person__personnel_number=notice.personnel_number,
        period__contains=notice.effective,
    )
    last_day = former.period.last_day
    former.period = Period(former.period.first_day, notice.effective - ONE_DAY)
    former.save()
    models.InsuredPay(
        membership_id=former.membership_id,
        period=Period(notice.effective, last_day),
        amount=notice.pay,
    ).save()


SIDES = {"product": apply, "orm": save}

_DIGEST = """
SELECT 'notices', COUNT(*), md5(string_agg(t, '' ORDER BY t)) FROM (
    SELECT concat_ws('|', personnel_number, kind, effective, received_at, pay, reason, first_name,
        last_name, birth_date, employment, "row", status, codes) t FROM members_noticerecord) n
UNION ALL SELECT 'persons', COUNT(*), md5(string_agg(t, '' ORDER BY t)) FROM (
    SELECT concat_ws('|', employer_id, personnel_number, first_name, last_name, birth_date) t
    FROM members_person) p
UNION ALL SELECT 'pays', COUNT(*), md5(string_agg(t, '' ORDER BY t)) FROM (
    SELECT concat_ws('|', person.personnel_number, m.contract_id, m.period, m.end_reason, i.period,
        i.amount) t
    FROM members_membership m JOIN members_person person ON person.id = m.person_id
    JOIN members_insuredpay i ON i.membership_id = m.id) i
"""


def read_digest() -> list[list[Any]]:
    """Count and digest of notices, persons and covered pay, whatever their ids are."""
    with connection.cursor() as cursor:
        cursor.execute(_DIGEST)
        return [list(row) for row in cursor.fetchall()]


if __name__ == "__main__":
    main()
