"""The money of a month, step by step: each may be begun again after it was killed anywhere.

Every step does what the product's edge (task, page, command) does, with the clock held at one day,
so that two chains over the same data come to the same to the byte.
"""

import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from aupolicy.kernel.month import Month
from aupolicy.models import Role, User
from billing.models import BankFile, BillingRun, Collection, CollectionItem, PayoutOrder
from billing.operations import create_collections, fill_slice, start_run
from billing.operations.bank_files import receive_bank_file
from billing.operations.collection_delivery import deliver_waiting
from billing.operations.collection_release import release_collection
from billing.operations.payouts import create_order, release_order
from billing.operations.posting_request import post_or_refuse, want_posting
from billing.queries.audit import audit_ledger
from documents.operations import issue_statements
from tests.bank.world import came_back, credited, insure, notification, transfer
from tests.claims.granting import grant
from tests.claims.paying import INSURER, give_payee, make_finance
from tests.claims.paying import settle as settle_claim
from tests.claims.world import insure as insure_person
from tests.claims.world import make_contract, make_user, sick
from tests.faults.large_steps import LARGE
from tests.faults.pages import PAGES
from tests.laws.world import at, creditor, give_mandate

CONTRACTS = 6
SLICE_MEMBERS = 2
MONTH = Month.parse("2026-01")
JAN, DUE, BACK, PAY_DAY = date(2026, 1, 1), date(2026, 1, 15), date(2026, 1, 19), date(2026, 1, 22)
_SECONDS_TO_WAIT = 0.01


@transaction.atomic
def build() -> None:
    """Contracts with a mandate, one whose person has been ill for long, and people of finance."""
    for number in range(CONTRACTS):
        give_mandate(insure(str(2400 + 300 * number)), signed_on=JAN)
    for name in ("fred", "gina"):
        make_finance(name)
    vera = make_user("vera", Role.EXAMINER)
    contract = make_contract()
    for personnel_number in ("17", "18"):
        leave = sick(insure_person(contract, personnel_number), "2025-01-01", "2025-05-20")
        grant(leave.claim, "2025-02-12", by=vera)
        settle_claim(leave.claim, "2025-04-30")
        give_payee(leave.claim)


def fill() -> int:
    """Start the run and bill all its slices; how many there are."""
    run = start_run(month=MONTH, now=at(JAN), slice_members=SLICE_MEMBERS)
    while run.slices.filter(done_at=None).exists():
        # A slice may be held by a process whose death the database has not noticed yet.
        if not fill_slice(run=run, now=at(JAN)):
            time.sleep(_SECONDS_TO_WAIT)
    return run.slices.count()


def wish() -> None:
    """Ask for the run to be posted."""
    want_posting(run=_get_run(), now=at(JAN), requested_by=_get("fred"))


def post() -> bool:
    """Post the run; False if it was."""
    return post_or_refuse(run=_get_run(), now=at(JAN))


def letters() -> None:
    """Set all letters of the run."""
    while not issue_statements(run=_get_run()).is_empty:
        pass


def collect() -> int:
    """Make the collection; how many are new."""
    report = create_collections(due=DUE, now=at(JAN), creditor=creditor(), user=_get("fred"))
    return len(report.created)


def release() -> None:
    """Let the collection go to the bank, by a second person."""
    for collection in Collection.objects.filter(released_at=None):
        release_collection(collection=collection, user=_get("gina"), now=at(JAN))


def deliver() -> int:
    """What the clock does about files that are not in the bank's folder yet; how many arrived."""
    return deliver_waiting()


def bank() -> bool:
    """Read what the bank says: it was credited, two debits came back, somebody transferred."""
    first, second, third = CollectionItem.objects.select_related("collection", "mandate").order_by(
        "pk"
    )[:3]
    content = notification(
        credited(first),
        came_back(first),
        came_back(second, "MD01"),
        transfer(Decimal("12.34"), f"Beitrag {third.end_to_end_id}"),
    )
    report = receive_bank_file(
        content=content, name="bank.xml", source=BankFile.Source.FOLDER, user=None, now=at(BACK)
    )
    return report.is_new


def order() -> int:
    """Order the benefit that is due; how many transfers are new."""
    report = create_order(execution_date=PAY_DAY, user=_get("fred"), now=at(BACK), debtor=INSURER)
    return len(report.payouts)


def release_payouts() -> None:
    """Let the transfers go to the bank, by a second person."""
    for each in PayoutOrder.objects.filter(released_at=None):
        release_order(order=each, user=_get("gina"), now=at(BACK))


def audit() -> dict[str, Any]:
    """What the audit of the books finds."""
    found = audit_ledger()
    return {"broken": found.broken, "rows": [str(asdict(row)) for row in found.differences]}


def _get_run() -> BillingRun:
    return BillingRun.objects.get(month=MONTH.first_day)


def _get(name: str) -> User:
    return User.objects.get(username=name)


CHAIN: dict[str, Callable[[], Any]] = {
    "fill": fill,
    "wish": wish,
    "post": post,
    "letters": letters,
    "collect": collect,
    "release": release,
    "deliver": deliver,
    "bank": bank,
    "order": order,
    "release_payouts": release_payouts,
}
STEPS: dict[str, Callable[[], Any]] = {**CHAIN, **LARGE, **PAGES, "build": build, "audit": audit}
