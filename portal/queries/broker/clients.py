"""Reads of a broker's clients: figures without names, and what asks for something to be done.

All clients are read at once and filtered here: when a contract renews and until when it can be
cancelled is a matter of rules, which the database does not know.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from aupolicy.kernel.money import ZERO
from aupolicy.models import Broker, BrokerAuthority, ContractVersion, GroupContract, Right
from aupolicy.queries import ContractState, Rights, get_contract_state, get_tariff
from aupolicy.rules import compute_next_anniversary, decide_cancellation
from billing.models import BillingRun, Statement
from members.facts import NoticeStatus, UploadStatus
from members.models import NoticeRecord, Upload
from portal.queries.sorting import name_order

CANCELLATION_WITHIN = timedelta(days=60)
RENEWAL_WITHIN = timedelta(days=90)
_DEFAULT_NOTICE_MONTHS = 1


class Alarm(StrEnum):
    """What asks for something to be done about a client."""

    UPLOADS = "UPLOADS"
    NOTICES = "NOTICES"
    CANCELLATION = "CANCELLATION"
    RENEWAL = "RENEWAL"
    AUTHORITY = "AUTHORITY"


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One contract of a client. Figures are those of the last statement, EUR.

    `right` is what the employer lets the broker do, None for figures only. `next_day` is the
    last day of a cancelled contract, else the next anniversary; `cancel_until` the last day on
    which a cancellation to the end of this contract year may arrive.
    """

    contract_id: int
    employer_id: int
    employer: str
    town: str
    number: str
    state: ContractState
    right: Right | None
    insured: int | None
    premium: Decimal | None
    statement_month: date | None
    next_day: date
    cancel_until: date | None
    uploads: int
    notices: int
    alarms: frozenset[Alarm]


@dataclass(frozen=True, slots=True)
class ClientFilter:
    """What the list is narrowed to; empty values let everything through."""

    text: str = ""
    state: ContractState | None = None
    alarm: Alarm | None = None


@dataclass(frozen=True, slots=True)
class ClientTotals:
    """Sums over some clients, EUR a month; employers with several contracts count once."""

    employers: int
    insured: int
    premium: Decimal


def list_clients(broker: Broker, rights: Rights, day: date) -> list[ClientRow]:
    """All contracts of a broker by employer, in two queries (three for the insurer's people)."""
    contracts = list(_contracts(broker, day))
    statements = {s.contract_id: s for s in _last_statements(broker)}
    given = _list_rights(broker, rights, day)
    return [_describe(c, statements.get(c.pk), given.get(c.employer_id), day) for c in contracts]


def filter_clients(rows: Sequence[ClientRow], wanted: ClientFilter) -> list[ClientRow]:
    """The rows whose employer, town or number holds the text, with the state and the alarm."""
    text = wanted.text.casefold()
    return [
        row
        for row in rows
        if (not text or text in f"{row.employer}\n{row.town}\n{row.number}".casefold())
        and wanted.state in (None, row.state)
        and (wanted.alarm is None or wanted.alarm in row.alarms)
    ]


def sum_clients(rows: Sequence[ClientRow]) -> ClientTotals:
    """Sums over rows."""
    return ClientTotals(
        employers=len({row.employer_id for row in rows}),
        insured=sum(row.insured or 0 for row in rows),
        premium=sum((row.premium or ZERO for row in rows), start=ZERO),
    )


def _contracts(broker: Broker, day: date) -> QuerySet[GroupContract]:
    uploads = Upload.objects.filter(status=UploadStatus.CHECKED.value)
    notices = NoticeRecord.objects.filter(status=NoticeStatus.NEEDS_CLERK.value)
    versions = ContractVersion.objects.filter(contract=OuterRef("pk"), period__contains=day)
    return (
        GroupContract.objects.filter(broker=broker)
        .select_related("employer")
        .annotate(
            uploads_waiting=_count_of_contract(uploads),
            notices_open=_count_of_contract(notices),
            tariff_key=Coalesce(Subquery(versions.values("tariff_key")[:1]), Value("")),
        )
        .order_by(name_order("employer__legal_name"), "-number")
    )


def _count_of_contract(rows: QuerySet[Upload] | QuerySet[NoticeRecord]) -> Coalesce:
    counted = (
        rows.filter(contract=OuterRef("pk"))
        .order_by()
        .values("contract")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _last_statements(broker: Broker) -> QuerySet[Statement]:
    return (
        Statement.objects.filter(
            contract__broker=broker, number__isnull=False, run__kind=BillingRun.PREMIUM
        )
        .order_by(F("contract"), "-month")
        .distinct("contract")
        .only("contract", "month", "insured_count", "total")
    )


def _list_rights(broker: Broker, rights: Rights, day: date) -> Mapping[int, Right | None]:
    if broker.pk in rights.brokers:
        return rights.clients
    given = BrokerAuthority.objects.filter(broker=broker, period__contains=day)
    return {employer: Right(right) for employer, right in given.values_list("employer", "right")}


def _describe(
    contract: GroupContract, statement: Statement | None, right: Right | None, day: date
) -> ClientRow:
    state = get_contract_state(contract, day)
    runs_on = state in (ContractState.IN_FORCE, ContractState.AGREED)
    anniversary = compute_next_anniversary(contract.period.first_day, day)
    counts = contract.__dict__
    row = ClientRow(
        contract_id=contract.pk,
        employer_id=contract.employer_id,
        employer=contract.employer.legal_name,
        town=contract.employer.town,
        number=contract.number,
        state=state,
        right=right,
        insured=statement.insured_count if statement else None,
        premium=statement.total if statement else None,
        statement_month=statement.month if statement else None,
        next_day=contract.period.last_day or anniversary,
        cancel_until=_find_deadline(contract, counts["tariff_key"], day) if runs_on else None,
        uploads=counts["uploads_waiting"],
        notices=counts["notices_open"],
        alarms=frozenset(),
    )
    return _with_alarms(row, day, runs_on=runs_on)


def _find_deadline(contract: GroupContract, tariff_key: str, day: date) -> date | None:
    """Last day on which a cancellation to the end of the running contract year may arrive."""
    version = get_tariff(tariff_key).version_on(day) if tariff_key else None
    months = version.parameters.cancellation_months if version else _DEFAULT_NOTICE_MONTHS
    received = max(day, contract.period.first_day)
    effect = decide_cancellation(
        start=contract.period.first_day, received=received, notice_months=months
    )
    return effect.deadline if effect.in_time else None


def _with_alarms(row: ClientRow, day: date, *, runs_on: bool) -> ClientRow:
    deadline = row.cancel_until
    told = {
        Alarm.UPLOADS: row.uploads > 0,
        Alarm.NOTICES: row.notices > 0,
        Alarm.CANCELLATION: deadline is not None and deadline - day <= CANCELLATION_WITHIN,
        Alarm.RENEWAL: runs_on and row.next_day - day <= RENEWAL_WITHIN,
        Alarm.AUTHORITY: row.right is None and row.state is not ContractState.ENDED,
    }
    return replace(row, alarms=frozenset(alarm for alarm, applies in told.items() if applies))
