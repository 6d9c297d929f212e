"""Reads of an employer's files of notices for its pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from aupolicy.kernel.month import Month
from aupolicy.models import Employer
from members.facts import UploadStatus
from members.models import Upload, UploadCorrection, UploadRow

UPLOADS_PAGE_SIZE = 30


def find_uploads(employer: Employer) -> QuerySet[Upload]:
    """All files of an employer's contracts, newest first."""
    return (
        Upload.objects.filter(contract__employer=employer)
        .select_related("contract", "sender", "released_by")
        .order_by("-received_at", "-pk")
    )


def page_of_uploads(employer: Employer, page: str) -> Page[Upload]:
    """One page of them."""
    return Paginator(find_uploads(employer), UPLOADS_PAGE_SIZE).get_page(page)


def get_stage(upload: Upload) -> str:
    """What the page of a file is about now: columns, working, preview, or how it ended."""
    match UploadStatus(upload.status):
        case UploadStatus.RECEIVED:
            return "columns" if upload.problems else "working"
        case UploadStatus.CHECKED:
            return "preview"
        case UploadStatus.RELEASED:
            return "working"
        case UploadStatus.APPLIED:
            return "applied"
        case UploadStatus.REFUSED:
            return "refused"
    return "discarded"


@dataclass(frozen=True, slots=True)
class ShownEffect:
    """What a checked file changes on the next statement, EUR; `corrections` of it for the past."""

    month: date
    amount: Decimal
    corrections: Decimal


def read_effect(upload: Upload) -> ShownEffect:
    """The money in a file's preview."""
    summary = upload.summary
    return ShownEffect(
        month=Month.parse(summary["month"]).first_day,
        amount=Decimal(summary["effect"]),
        corrections=Decimal(summary["corrections"]),
    )


@dataclass(frozen=True, slots=True)
class RowCells:
    """A row that can be put right: its cells as they are read now, and what is wrong with them."""

    row: UploadRow
    cells: Mapping[str, str]
    corrected: frozenset[str]


def get_row_cells(upload: Upload, number: int) -> RowCells | None:
    """A row with its cells, corrections included; None where there is nothing to put right."""
    row = upload.rows.filter(row=number, cells__isnull=False).first()
    if row is None:
        return None
    correction = UploadCorrection.objects.filter(upload=upload, row=number).first()
    corrected: dict[str, Any] = correction.cells if correction else {}
    return RowCells(row, {**(row.cells or {}), **corrected}, frozenset(corrected))
