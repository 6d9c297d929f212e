"""Reads of an employer's papers: confirmations to be signed and filed, and forms."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import DateField, Exists, OuterRef, Q, QuerySet, Subquery

from aupolicy.models import Employer
from documents.facts import DocumentKind
from documents.models import Document, Filing
from members.queries import coming_after, insured_on
from portal.queries.sorting import name_order

PAPERS_PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class FilingCount:
    """Employer's copies in force, and how many of them came back signed."""

    papers: int
    filed: int

    @property
    def open(self) -> int:
        """Those that are still to be signed and filed."""
        return self.papers - self.filed


def list_copies(employer: Employer, day: date, *, filed: bool | None = None) -> QuerySet[Document]:
    """The newest employer's copy for everybody whose cover runs on a day or begins later.

    `filed` restricts them to those filed, or still to be. Each row has `filed_on`, the day the
    person signed, None while the paper is not filed.
    """
    running = insured_on(day, "membership__") | coming_after(day, "membership__")
    newest = (
        Document.objects.filter(
            running,
            contract__employer=employer,
            kind=DocumentKind.CONFIRMATION_EMPLOYER.value,
        )
        .order_by("membership_id", "-id")
        .distinct("membership_id")
    )
    newer = Filing.objects.filter(document=OuterRef("document"), pk__gt=OuterRef("pk"))
    standing = Filing.objects.filter(~Exists(newer), document=OuterRef("pk"), revoked=False)
    copies = Document.objects.filter(pk__in=Subquery(newest.values("pk")))
    if filed is not None:
        copies = copies.filter(Exists(standing) if filed else ~Exists(standing))
    filed_on = Subquery(standing.values("signed_on")[:1], output_field=DateField(null=True))
    return (
        copies.annotate(filed_on=filed_on)
        .select_related("membership__person")
        .order_by(
            name_order("membership__person__last_name"),
            name_order("membership__person__first_name"),
            "pk",
        )
    )


def count_filings(employer: Employer, day: date) -> FilingCount:
    """How many copies there are and how many are filed."""
    return FilingCount(
        papers=list_copies(employer, day).count(),
        filed=list_copies(employer, day, filed=True).count(),
    )


def page_of_copies(
    employer: Employer, day: date, *, show: str, text: str, page: str
) -> Page[Document]:
    """One page of copies; `show` is open, filed or all, `text` part of a name or number."""
    filed = {"open": False, "filed": True}.get(show)
    copies = list_copies(employer, day, filed=filed)
    for word in text.replace(",", " ").split():
        copies = copies.filter(
            Q(membership__person__last_name__icontains=word)
            | Q(membership__person__first_name__icontains=word)
            | Q(membership__person__personnel_number__istartswith=word)
        )
    return Paginator(copies, PAPERS_PAGE_SIZE).get_page(page)


def find_papers(employer: Employer) -> QuerySet[Document]:
    """Every paper of an employer."""
    return Document.objects.filter(contract__employer=employer)
