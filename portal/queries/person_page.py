"""What the insured person's own page shows: what is to be done, what was given, what was paid."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.db.models import Max, QuerySet

from aupolicy.kernel.period import ONE_DAY
from billing.models import PayoutItem
from claims.facts import ClaimStatus
from claims.facts.consent import ConsentKind
from claims.models import (
    BenefitSlice,
    Certificate,
    Claim,
    Contact,
    DocumentRequest,
    SickLeave,
)
from claims.queries.claimant import get_payee, missing_consents
from documents.facts import DocumentKind
from documents.models import Document

_OVER = frozenset({ClaimStatus.ENDED, ClaimStatus.REFUSED, ClaimStatus.JOINED})
_LETTERS = (
    DocumentKind.BENEFIT_GRANT.value,
    DocumentKind.BENEFIT_REFUSAL.value,
    DocumentKind.BENEFIT_END.value,
    DocumentKind.BENEFIT_CORRECTION.value,
    DocumentKind.CLAIM_REQUEST.value,
)


class Need(StrEnum):
    """What the person is asked to do."""

    CERTIFICATE = "certificate"
    CONSENT = "consent"
    EVIDENCE = "evidence"
    PLAN = "plan"
    OTHER = "other"
    ACCOUNT = "account"
    PAYMENT_CONSENT = "payment_consent"
    CONTACT = "contact"


_NEEDS = {
    DocumentRequest.Kind.CERTIFICATE: Need.CERTIFICATE,
    DocumentRequest.Kind.GAP: Need.CERTIFICATE,
    DocumentRequest.Kind.EVIDENCE: Need.EVIDENCE,
    DocumentRequest.Kind.REINTEGRATION: Need.PLAN,
    DocumentRequest.Kind.ACCOUNT: Need.ACCOUNT,
    DocumentRequest.Kind.OTHER: Need.OTHER,
}
_PAGES = {
    Need.CONSENT: "consents",
    Need.PAYMENT_CONSENT: "consents",
    Need.ACCOUNT: "account",
    Need.CONTACT: "contact",
}


@dataclass(frozen=True, slots=True)
class Task:
    """One thing the person is asked for; days where it is about some, `text` of who asks."""

    need: Need
    first_day: date | None = None
    last_day: date | None = None
    due_on: date | None = None
    text: str = ""

    @property
    def page(self) -> str:
        """Name of the page where it is done."""
        return _PAGES.get(self.need, "documents")


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """What is due for a month; `paid_on` is None until it is transferred."""

    month: date
    days: int
    amount: Decimal
    paid_on: date | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The first page: what is to be done, and where the claim stands in days and EUR.

    `certified_until` is None without a certificate, `last_paid` until something was transferred.
    """

    tasks: tuple[Task, ...]
    certified_until: date | None
    benefit_from: date | None
    last_paid: PaymentRow | None
    is_over: bool


def follow_joined(claim: Claim) -> Claim:
    """The claim itself, or the one that its leaves have moved to."""
    found = claim
    while found.joined_to_id is not None:
        found = Claim.objects.select_related("person", "contract").get(pk=found.joined_to_id)
    return found


def get_overview(claim: Claim, *, today: date) -> Overview:
    """What the person has to do now, and where the claim stands."""
    is_over = ClaimStatus(claim.status) in _OVER
    return Overview(
        tasks=tuple(_list_tasks(claim, today, is_over=is_over)),
        certified_until=claim.certified_until,
        benefit_from=claim.benefit_from,
        last_paid=_find_last_paid(claim),
        is_over=is_over,
    )


def _find_last_paid(claim: Claim) -> PaymentRow | None:
    items = PayoutItem.objects.filter(
        slice__claim=claim,
        slice__cancelled_at=None,
        returned=False,
        payout__order__released_at__isnull=False,
    ).select_related("slice", "payout__order")
    item = items.order_by("-slice__month").first()
    if item is None or item.payout.order is None:
        return None
    paid = item.slice
    return PaymentRow(paid.month, paid.days, paid.amount, item.payout.order.execution_date)


def _list_tasks(claim: Claim, today: date, *, is_over: bool) -> Iterator[Task]:
    """The most pressing first: without a certificate and consent nothing can be examined."""
    asked = list(_list_requests(claim))
    yield from asked
    if is_over:
        return
    missing = missing_consents(claim)
    needs = {task.need for task in asked}
    if Need.CERTIFICATE not in needs:
        yield from _next_certificate(claim.certified_until, today)
    if ConsentKind.HEALTH_DATA in missing:
        yield Task(Need.CONSENT)
    if get_payee(claim, today) is None:
        if Need.ACCOUNT not in needs:
            yield Task(Need.ACCOUNT)
    elif ConsentKind.PAYMENT in missing:
        yield Task(Need.PAYMENT_CONSENT)
    if not Contact.objects.filter(claim=claim).exists():
        yield Task(Need.CONTACT)


def _list_requests(claim: Claim) -> Iterator[Task]:
    requests = DocumentRequest.objects.filter(claim=claim, closed_at=None)
    for request in requests.order_by("due_on", "pk"):
        yield Task(
            need=_NEEDS[DocumentRequest.Kind(request.kind)],
            first_day=request.period.first_day if request.period else None,
            last_day=request.period.last_day if request.period else None,
            due_on=request.due_on,
            text=request.text,
        )


def _next_certificate(until: date | None, today: date) -> Iterator[Task]:
    """The certificate that is missing now: none at all, or the last one has run out."""
    if until is None:
        yield Task(Need.CERTIFICATE)
    elif until < today:
        yield Task(Need.CERTIFICATE, first_day=until + ONE_DAY)


def list_payments(claim: Claim) -> list[PaymentRow]:
    """Months with a benefit, the newest first, with the day their transfer was carried out."""
    slices = list(BenefitSlice.objects.filter(claim=claim, cancelled_at=None).order_by("-month"))
    paid = dict(
        PayoutItem.objects.filter(
            slice__in=slices, returned=False, payout__order__released_at__isnull=False
        )
        .values_list("slice")
        .annotate(day=Max("payout__order__execution_date"))
        .order_by()
    )
    return [PaymentRow(row.month, row.days, row.amount, paid.get(row.pk)) for row in slices]


def find_letters(claim: Claim) -> QuerySet[Document]:
    """The letters written to the person about the claim, the newest first."""
    letters = Document.objects.filter(claim=claim, kind__in=_LETTERS)
    return letters.order_by("-created_at", "-pk")


def list_certificates(claim: Claim) -> list[Certificate]:
    """The certified days that are known, whoever sent them, the newest first."""
    certificates = Certificate.objects.filter(
        sick_leave__claim=claim, sick_leave__withdrawn_at=None, withdrawn_at=None
    )
    return list(certificates.order_by("-period", "-pk"))


def find_leave(claim: Claim, first_day: date) -> SickLeave | None:
    """The sick leave that a certificate from a day on belongs to: the last begun by then."""
    leaves = SickLeave.objects.filter(claim=claim, withdrawn_at=None).order_by("first_day", "pk")
    begun = leaves.filter(first_day__lte=first_day).last()
    return begun or leaves.first()
