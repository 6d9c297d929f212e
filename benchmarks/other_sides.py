"""What else is asked of billing, each in a process of its own beside the monthly run.

    python -m benchmarks.other_sides (again | preview | correction | naive) YYYY-MM

`again`: the same month once more, on a database where it is posted. `preview`: what a run would
charge, without writing. `correction`: one member's pay is corrected three months back, twenty times
for one member each; what it will cost is shown, then it is applied. `naive`: a loop that saves one
object at a time, for contracts of some 3,000 people. Prints one line of JSON.
"""

import argparse
import importlib
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import django
from django.db import connection

from aupolicy.kernel.bank_calendar import next_target_day
from aupolicy.kernel.month import Month
from benchmarks.phases import Phases
from benchmarks.product import bill, read_cpu_seconds, read_peak_kib

CORRECTED = 20
NAIVE_PEOPLE = 3_000
_TABLES = (
    "billing_billingrun", "billing_billingslice", "billing_statement", "billing_openitem",
    "billing_ledgertransaction", "billing_ledgerentry", "billing_premiumline",
)  # fmt: skip


def main() -> None:
    """Do one thing and tell what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=sorted(SIDES))
    parser.add_argument("month", type=Month.parse)
    arguments = parser.parse_args()
    django.setup()
    # Once in the life of a worker: the product, the tariff files and the bank calendar.
    importlib.import_module("billing.operations")
    importlib.import_module("aupolicy.queries").tariffs()
    importlib.import_module("members.queries").retirement_steps()
    next_target_day(arguments.month.first_day)
    connection.ensure_connection()
    result = SIDES[arguments.what](arguments.month)
    print(json.dumps(result | {"rss_peak_kib": read_peak_kib()}), flush=True)
    sys.exit(0)


@contextmanager
def measured(result: dict[str, Any], phases: Phases) -> Iterator[None]:
    """Seconds, processor seconds of process and database, and queries of what happens inside."""
    backend = connection.connection.info.backend_pid
    cpu, begin = time.process_time() + read_cpu_seconds(backend), time.monotonic()
    with phases.observe():
        yield
    result["seconds"] = time.monotonic() - begin
    result["cpu"] = time.process_time() + read_cpu_seconds(backend) - cpu
    result["queries"] = phases.queries


def again(month: Month) -> dict[str, Any]:
    """A second run of the same month, and how many rows it left."""
    operations = importlib.import_module("billing.operations")
    result: dict[str, Any] = {}
    before, phases = _count_rows(), Phases(detailed=False)
    with measured(result, phases):
        bill(operations, month, phases)
    result["rows_written"] = _count_rows() - before
    return result


def _count_rows() -> int:
    with connection.cursor() as cursor:
        counts = 0
        for table in _TABLES:
            cursor.execute(f"SELECT COUNT(*) FROM {table}")  # noqa: S608 - constants above
            counts += cursor.fetchone()[0]
    return counts


def preview(month: Month) -> dict[str, Any]:
    """What a run would charge everybody."""
    expected_run = importlib.import_module("billing.queries.expected_run")
    result: dict[str, Any] = {}
    with measured(result, Phases(detailed=False)):
        found = expected_run.compute_expected_run(month=month)
    return result | {"lines": found.lines, "total": str(found.premium)}


def correction(month: Month) -> dict[str, Any]:
    """Corrections of one member each, in the largest contract and in others in turns."""
    done = [_correct(month, place) for place in range(CORRECTED)]
    if sum(each["changed"] for each in done) < CORRECTED // 2:
        raise AssertionError("most of the corrections were to cost something")
    # The first one of a process also waits for what is read once.
    usual = done[1:]
    return {
        "seconds_shown": statistics.median(each["shown"] for each in usual),
        "seconds": statistics.median(each["applied"] for each in usual),
        "slowest": max(each["applied"] for each in usual),
        "queries_shown": max(each["queries_shown"] for each in usual),
        "queries": max(each["queries_applied"] for each in usual),
    }


_SUBJECT = """
SELECT m.contract_id, p.personnel_number
FROM members_membership m JOIN members_person p ON p.id = m.person_id
WHERE m.contract_id = %s AND m.period @> %s ORDER BY m.person_id DESC LIMIT 1
"""
_LARGEST = """
SELECT contract_id FROM members_membership WHERE period @> %s
GROUP BY contract_id ORDER BY COUNT(*) DESC LIMIT 10
"""


def _correct(month: Month, place: int) -> dict[str, Any]:
    facts, effect = _modules("members.facts", "billing.queries.effect")
    models, members = _modules("aupolicy.models", "members.operations")
    since = month.plus(-3).first_day
    with connection.cursor() as cursor:
        cursor.execute(_LARGEST, [since])
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute(_SUBJECT, [ids[place % len(ids)], since])
        contract_id, number = cursor.fetchone()
    now = datetime.combine(month.first_day - timedelta(days=20), datetime.min.time(), UTC)
    notice = facts.Notice(
        kind=facts.NoticeKind.PAY_CHANGE,
        personnel_number=number,
        effective=since,
        received_at=now + timedelta(minutes=place),
        pay=Decimal(600 + place),
    )
    shown: dict[str, Any] = {}
    applied: dict[str, Any] = {}
    with measured(shown, Phases(detailed=False)):
        contract = models.GroupContract.objects.get(pk=contract_id)
        costs = effect.preview_notices(contract=contract, notices=[notice], today=now.date())
    with measured(applied, Phases(detailed=False)):
        members.apply_notices(contract=contract, notices=[notice])
    return {
        "changed": len(costs.effect.by_person),
        "shown": shown["seconds"],
        "applied": applied["seconds"],
        "queries_shown": shown["queries"],
        "queries_applied": applied["queries"],
    }


def naive(month: Month) -> dict[str, Any]:
    """One object at a time, as a first version of such a program would: the same lines."""
    ids, people = _sample()
    operations, models = _modules("billing.operations", "billing.models")
    now = datetime.combine(month.first_day - timedelta(days=14), datetime.min.time(), UTC)
    run = operations.start_run(month=month, now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            f"ALTER TABLE {run.lines_table} ADD PRIMARY KEY"
            " (contract_id, person_id, covered_month, run_id)"
        )
    result: dict[str, Any] = {}
    with measured(result, Phases(detailed=False)):
        total, lines = _bill_naively(run, month, ids, models)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {run.lines_table}")  # noqa: S608 - a table's name
        (written,) = cursor.fetchone()
    if written != lines:
        raise AssertionError(f"{written} lines instead of {lines}")
    return result | {"lines": lines, "people": people, "total": str(total), "contracts": ids}


def _sample() -> tuple[list[int], int]:
    """The first contracts that have some 3,000 people together."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contract_id, COUNT(DISTINCT person_id) FROM members_membership"
            " GROUP BY contract_id HAVING COUNT(*) < 1000 ORDER BY contract_id"
        )
        ids: list[int] = []
        people = 0
        for contract_id, count in cursor.fetchall():
            if people >= NAIVE_PEOPLE:
                break
            ids.append(contract_id)
            people += count
    return ids, people


_INSERT = """
INSERT INTO {} (contract_id, person_id, covered_month, run_id, amount, covered_days, pay, band,
    tariff_id) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def _bill_naively(run: Any, month: Month, ids: list[int], models: Any) -> tuple[Decimal, int]:
    agreement, people = _modules("aupolicy.models", "members.models")
    tariffs, snapshots, premium = _modules(
        "aupolicy.queries", "aupolicy.operations", "billing.rules.premium"
    )
    total, lines = Decimal(0), 0
    for contract in agreement.GroupContract.objects.filter(pk__in=ids):
        for person in people.Person.objects.filter(memberships__contract=contract).distinct():
            terms = contract.versions.filter(period__overlap=month.period).first()
            tariff = tariffs.get_tariff(terms.tariff_key).version_on(month.first_day)
            stretches = []
            for membership in person.memberships.filter(contract=contract):
                for pay in membership.pays.all():
                    days = pay.period.intersection(membership.contract.period)
                    if days is not None:
                        stretches.append((days.first_day, days.last_day, pay.amount))
            charge = premium.compute_charge(stretches, month=month, tariff=tariff)
            if charge is None:
                continue
            snapshot = snapshots.snapshot_tariff(tariff)
            line = models.PremiumLine(
                contract=contract, person=person, covered_month=month.first_day, run=run,
                amount=charge.amount, covered_days=charge.covered_days, pay=charge.pay,
                band=charge.band, tariff=snapshot,
            )  # fmt: skip
            _save(line, run)
            total += charge.amount
            lines += 1
    return total, lines


def _save(line: Any, run: Any) -> None:
    """What `save` sends: the table of lines that are not posted yet is no model's."""
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT.format(run.lines_table),
            [line.contract_id, line.person_id, line.covered_month, line.run_id, line.amount,
             line.covered_days, line.pay, line.band, line.tariff_id],
        )  # fmt: skip


def _modules(*names: str) -> tuple[Any, ...]:
    return tuple(importlib.import_module(name) for name in names)


SIDES: dict[str, Callable[[Month], dict[str, Any]]] = {
    "again": again,
    "preview": preview,
    "correction": correction,
    "naive": naive,
}

if __name__ == "__main__":
    main()
