"""Short words for tests of notices: a contract, notices about its people, their pay."""

from datetime import UTC, date, datetime
from decimal import Decimal

from django.db import connection

from aupolicy.models import Employer, GroupContract
from aupolicy.operations import Terms, sign_contract
from members.facts import (
    Notice,
    NoticeKind,
    NoticeReport,
)
from members.models import InsuredPay
from members.operations import apply_notices

JAN, MAR = date(2026, 1, 1), date(2026, 3, 1)
LATE = datetime(2027, 2, 1, 12, tzinfo=UTC)


def make_contract() -> GroupContract:
    employer = Employer.objects.create(
        legal_name="Beispiel GmbH", street="Weg", postal_code="12345", town="Ort"
    )
    return sign_contract(
        number="T-1", employer=employer, broker=None, start=JAN, terms=Terms("bau-2016")
    )


def notice(kind: str = "JOIN", number: str = "17", day: date = JAN, **values: object) -> Notice:
    details: dict[str, object] = {
        "pay": Decimal("2400.00") if kind in {"JOIN", "PAY_CHANGE"} else None,
        "first_name": "Zoë",
        "last_name": "Müller",
        "birth_date": date(1990, 12, 24),
        "received_at": datetime(2026, 6, 1, 12, tzinfo=UTC),
    }
    return Notice(
        kind=NoticeKind(kind),
        personnel_number=number,
        effective=day,
        **(details | values),  # type: ignore[arg-type]
    )


def apply(contract: GroupContract, *notices: Notice) -> NoticeReport:
    report = apply_notices(contract=contract, notices=notices)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return report


def moment(minute: int) -> datetime:
    return datetime(2026, 6, 1, 12, minute, tzinfo=UTC)


def pays() -> list[Decimal]:
    return list(InsuredPay.objects.order_by("period").values_list("amount", flat=True))
