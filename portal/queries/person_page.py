"""What the insured person's own page shows: what is to be done, what was given, what was paid."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.db.models import Max, QuerySet

from aupolicy.kernel.period import ONE_DAY
from billing.models import PayoutItem
from claims.facts import ClaimStatus, Entitlement
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
from claims.queries.facts import get_entitlement
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
class Overview:
    """The first page: what is to be done, and where the claim stands in days and EUR.

    `monthly_sum` is None while nobody has decided; `certified_until` None without a certificate.
    """

    tasks: tuple[Task, ...]
    certified_until: date | None
    benefit_from: date | None
    monthly_sum: Decimal | None
    paid_through: date | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """What is due for a month; `paid_on` is None until it is transferred."""

    month: date
    days: int
    amount: Decimal
    paid_on: date | None


def follow_joined(claim: Claim) -> Claim:
    """The claim itself, or the one that its leaves have moved to."""
    claims = Claim.objects.select_related("person__employer", "contract")
    found = claims.get(pk=claim.pk)
    while found.joined_to_id is not None:
        found = claims.get(pk=found.joined_to_id)
    return found


def get_overview(claim: Claim, *, today: date) -> Overview:
    """What the person has to do now, and where the claim stands."""
    entitlement = get_entitlement(claim, as_of=None)
    is_over = ClaimStatus(claim.status) in _OVER
    rows = list_payments(claim)
    paid = [row.month for row in rows if row.paid_on is not None]
    granted = claim.status in {ClaimStatus.PAYING.value, ClaimStatus.EVIDENCE_MISSING.value}
    return Overview(
        tasks=tuple(_list_tasks(claim, entitlement, today, is_over=is_over)),
        certified_until=_certified_until(entitlement),
        benefit_from=entitlement.first_benefit_day if entitlement else None,
        monthly_sum=entitlement.leave.monthly_sum if entitlement and granted else None,
        paid_through=max(paid, default=None),
        is_over=is_over,
    )


def _certified_until(entitlement: Entitlement | None) -> date | None:
    return entitlement.leave.period.last_day if entitlement else None


def _list_tasks(
    claim: Claim, entitlement: Entitlement | None, today: date, *, is_over: bool
) -> Iterator[Task]:
    """The most pressing first: without a certificate and consent nothing can be examined."""
    asked = list(_list_requests(claim))
    yield from asked
    if is_over:
        return
    missing = missing_consents(claim)
    needs = {task.need for task in asked}
    if Need.CERTIFICATE not in needs:
        yield from _next_certificate(entitlement, today)
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


def _next_certificate(entitlement: Entitlement | None, today: date) -> Iterator[Task]:
    """The certificate that is missing now: none at all, or the last one has run out."""
    until = _certified_until(entitlement)
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
