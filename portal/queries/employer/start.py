"""Reads of the employer's dashboard: what is insured, what comes next, what is to be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    CharField,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Concat

from aupolicy.kernel.month import Month
from aupolicy.models import Employer, GroupContract
from aupolicy.queries.machine import count_expiring
from billing.models import BillingRun, Mandate, MandateChange, Statement
from billing.queries.expected import ExpectedStatement, compute_expected
from members.facts import NoticeStatus, UploadStatus
from members.models import Membership, NoticeRecord, Person, Upload
from members.queries import coming_after, insured_on
from portal.facts import MonthAmount
from portal.queries.employer.contracts import find_contracts
from portal.queries.employer.papers import list_copies

CHART_MONTHS = 12
LAST_ROWS = 5


@dataclass(frozen=True, slots=True)
class OpenTasks:
    """What waits for somebody at the employer."""

    uploads: int
    notices: int
    filings: int
    mandate_changes: int
    lacks_mandate: bool
    keys: int

    @property
    def any(self) -> bool:
        """Whether anything is to be done."""
        return bool(
            self.uploads
            or self.notices
            or self.filings
            or self.mandate_changes
            or self.lacks_mandate
            or self.keys
        )


@dataclass(frozen=True, slots=True)
class Dashboard:
    """An employer's contract as of a day; `statements` are posted ones, newest first.

    `expected` is None where the next statement's preview is there: then that is `preview`.
    """

    contract: GroupContract
    insured: int
    coming: int
    tasks: OpenTasks
    statements: Sequence[Statement]
    preview: Statement | None
    expected: ExpectedStatement | None

    @property
    def last(self) -> Statement | None:
        """The newest posted statement."""
        return self.statements[0] if self.statements else None

    @property
    def next_month(self) -> date | None:
        """The month of the next statement."""
        if self.preview is not None:
            return self.preview.month
        return self.expected.month.first_day if self.expected else None

    @property
    def next_total(self) -> Decimal | None:
        """What the next statement comes to as far as is known, EUR."""
        if self.preview is not None:
            return self.preview.total
        return self.expected.total if self.expected else None

    @property
    def months(self) -> list[MonthAmount]:
        """What was billed by month, oldest first."""
        return [MonthAmount(each.month, each.total) for each in reversed(self.statements)]


def list_counted_contracts(employer: Employer, day: date, now: datetime) -> list[GroupContract]:
    """The employer's contracts, newest first, each with all its figures, in one query."""
    people = Membership.objects.filter(contract=OuterRef("pk"))
    uploads = Upload.objects.filter(contract=OuterRef("pk"), status__in=_WAITING_UPLOADS)
    notices = NoticeRecord.objects.filter(
        contract=OuterRef("pk"), status=NoticeStatus.NEEDS_CLERK.value
    )
    changes = MandateChange.objects.filter(
        contract=OuterRef("pk"), confirmed_at=None, withdrawn_at=None
    )
    copies = list_copies(employer, day, filed=False).filter(contract=OuterRef("pk"))
    mandates = Mandate.objects.filter(contract=OuterRef("pk"), period__contains=day)
    runs = BillingRun.objects.filter(kind=BillingRun.PREMIUM, posted_at__isnull=False)
    counted = find_contracts(employer).annotate(
        insured=_number(people.filter(insured_on(day))),
        coming=_number(people.filter(coming_after(day))),
        open_uploads=_number(uploads),
        open_notices=_number(notices),
        open_filings=_number(copies),
        open_changes=_number(changes),
        has_mandate=Exists(mandates),
        expiring_keys=count_expiring(employer, now),
        last_run=Subquery(runs.order_by("-month").values("month")[:1]),
    )
    return list(counted)


def get_dashboard(contract: Any, day: date) -> Dashboard:
    """Everything the dashboard says but what happened of late, in at most four queries.

    The contract is one of `list_counted_contracts`.
    """
    found = list(
        Statement.objects.filter(contract=contract, run__kind=BillingRun.PREMIUM)
        .select_related("run")
        .order_by("-month")[: CHART_MONTHS + 1]
    )
    preview = next((each for each in found if each.number is None), None)
    posted = [each for each in found if each.number is not None][:CHART_MONTHS]
    last = posted[0] if posted else None
    expected = None
    if preview is None and not _is_over(contract, last, day):
        month = _next_month(contract, last, contract.last_run, day)
        expected = compute_expected(contract, last=last, month=month)
    return Dashboard(
        contract=contract,
        insured=contract.insured,
        coming=contract.coming,
        tasks=OpenTasks(
            uploads=contract.open_uploads,
            notices=contract.open_notices,
            filings=contract.open_filings,
            mandate_changes=contract.open_changes,
            lacks_mandate=not contract.has_mandate,
            keys=contract.expiring_keys,
        ),
        statements=posted,
        preview=preview,
        expected=expected,
    )


def _is_over(contract: GroupContract, last: Statement | None, day: date) -> bool:
    end = contract.period.last_day
    return end is not None and end < day and last is not None and last.month >= end.replace(day=1)


def _next_month(
    contract: GroupContract, last: Statement | None, last_run: date | None, day: date
) -> Month:
    billed = max((each for each in (last_run, last and last.month) if each), default=None)
    month = Month.of(billed).plus(1) if billed else Month.of(day)
    return max(month, Month.of(contract.period.first_day))


_WAITING_UPLOADS = [UploadStatus.RECEIVED.value, UploadStatus.CHECKED.value]


def _number(rows: QuerySet[Any]) -> Coalesce:
    """How many rows of a contract there are, as a subquery."""
    counted = rows.order_by().values("contract").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


def list_last_uploads(contract: GroupContract) -> list[Upload]:
    """The last files, newest first."""
    return list(Upload.objects.filter(contract=contract).order_by("-received_at")[:LAST_ROWS])


def list_last_notices(contract: GroupContract) -> list[NoticeRecord]:
    """The last notices, newest first, each with `person_id` and `person_name` where known."""
    return list(with_persons(NoticeRecord.objects.filter(contract=contract), contract)[:LAST_ROWS])


def with_persons(
    notices: QuerySet[NoticeRecord], contract: GroupContract
) -> QuerySet[NoticeRecord]:
    """Notices, the newest first, with the person they are about."""
    person = Person.objects.filter(
        employer=contract.employer_id, personnel_number=OuterRef("personnel_number")
    )
    name = Concat("last_name", Value(", "), "first_name", output_field=CharField())
    return notices.annotate(
        person_id=Subquery(person.values("pk")[:1]),
        person_name=Subquery(person.annotate(full=name).values("full")[:1]),
    ).order_by("-received_at", "-pk")
