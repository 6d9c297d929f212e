"""Checking a file of notices: what each row would do, and what it costs."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone

from aupolicy.kernel.memory import paused_garbage_collector
from aupolicy.kernel.money import ZERO
from aupolicy.operations.bulk import insert_rows
from billing.queries.effect import EffectPricer, MoneyEffect
from members.facts import Severity, UploadStatus
from members.models import Upload, UploadRow
from members.operations.progress import Tell, forget_progress, tell_progress
from members.operations.uploads import claim
from members.parsing.problems import Problem, UnableToReadTable
from members.queries.draft_rows import APPLY, CLERK, FAILED, KNOWN, NONE, DraftRow
from members.queries.upload_draft import Draft, draft_upload
from members.queries.uploads import Step

# What choosing the meaning of columns can put right.
_ABOUT_COLUMNS = frozenset({"MISSING_COLUMN", "COLUMN_TWICE"})
_MOST_PROBLEMS = 100
_ROWS_AT_ONCE = 10_000
_COLUMNS = (
    "upload_id", "row", "outcome", "kind", "personnel_number", "name", "effective", "pay_before",
    "pay", "premium_change", "findings", "cells",
)  # fmt: skip


class AnyDraft(Protocol):
    """What notices would do, however they came."""

    @property
    def rows(self) -> Sequence[DraftRow]:
        """Row by row."""

    @property
    def notes(self) -> Sequence[Problem]:
        """What there is to tell about the whole."""

    def count(self, outcome: str) -> int:
        """How many rows have an outcome."""

    def digest(self) -> str:
        """The same for two drafts that would do the same."""


def check_upload(*, upload_id: int, now: datetime) -> bool:
    """Write the preview of a received file; False where there is nothing to check (any more).

    Afterwards the file is CHECKED (rows and summary written), REFUSED (not readable: `problems`),
    or still RECEIVED with `problems` where its columns are not clear: then set_mapping is next.
    All in one transaction; nothing about insured people is written.

    `summary`: {"rows": 12, "outcomes": {"apply": 10, ...}, "kinds": {"JOIN": 3, ...} (of what is
    applied), "warnings": {code: count}, "errors": {code: count}, "effect": "125.30",
    "corrections": "12.00" (what of it is for months billed before), "month": "2026-12" (of the
    next statement), "people": 10 (whose premium changes), "notes": [problem, ...] (about the
    whole file), "changed_since_check": true (only where a release was given back)}.
    """
    with transaction.atomic():
        upload = claim(upload_id, UploadStatus.RECEIVED)
        if upload is None:
            return False
        tell = tell_progress(upload_id)
        tell(Step.READ, 0, 0)
        pricer = EffectPricer(upload.contract, timezone.localtime(now).date())
        try:
            with paused_garbage_collector():
                draft = draft_upload(upload, pricer.take)
        except UnableToReadTable as error:
            _refuse(upload, error.problems)
        else:
            _preview(upload, draft, pricer.result(), tell)
        upload.checked_at = now
        upload.save()
    forget_progress(upload_id)
    return True


def _refuse(upload: Upload, problems: list[Problem]) -> None:
    upload.problems = [_plain_problem(problem) for problem in problems[:_MOST_PROBLEMS]]
    upload.summary, upload.row_count = {}, 0
    upload.rows.all().delete()
    if not {problem.code for problem in problems} <= _ABOUT_COLUMNS:
        upload.status = UploadStatus.REFUSED


def _preview(upload: Upload, draft: Draft, effect: MoneyEffect, tell: Tell) -> None:
    upload.rows.all().delete()
    _insert(upload, draft, dict(effect.by_person), tell)
    returned = {"changed_since_check": True} if upload.summary.get("changed_since_check") else {}
    rows = len(draft.reading.table.rows)
    upload.summary = summarise(draft, effect, rows=rows) | returned
    upload.row_count = rows
    upload.mapping = draft.reading.columns.to_dict()
    upload.problems = []
    upload.status = UploadStatus.CHECKED


def _insert(upload: Upload, draft: Draft, premiums: dict[str, Decimal], tell: Tell) -> None:
    """Write the rows; a person's EUR stand in the first of their rows that is taken."""
    total = len(draft.rows)
    for start in range(0, total, _ROWS_AT_ONCE):
        tell(Step.WRITE, start, total)
        rows = draft.rows[start : start + _ROWS_AT_ONCE]
        insert_rows(UploadRow, _COLUMNS, list(_plain_rows(upload.pk, draft, rows, premiums)))


def _plain_rows(
    upload_id: int, draft: Draft, rows: list[DraftRow], premiums: dict[str, Decimal]
) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        notice, taken = row.notice, row.outcome in (APPLY, CLERK)
        cells = draft.reading.cells(row.row) if row.findings and row.row else None
        yield (
            upload_id,
            row.row,
            row.outcome,
            notice.kind.value if notice else "",
            row.number,
            row.name[:142],
            notice.effective if notice else None,
            row.pay_before,
            notice.pay if notice else None,
            premiums.pop(row.number, ZERO) if taken else ZERO,
            json.dumps([asdict(finding) for finding in row.findings]) if row.findings else "[]",
            None if cells is None else json.dumps(cells),
        )


def summarise(draft: AnyDraft, effect: MoneyEffect, *, rows: int) -> dict[str, Any]:
    """A preview in figures, as `check_upload` describes them; `rows` are all that were given."""
    found = Counter(
        (finding.severity, finding.code) for row in draft.rows for finding in row.findings
    )
    warnings = {code: n for (severity, code), n in found.items() if severity is Severity.WARNING}
    warnings |= {note.code: 1 for note in draft.notes if note.code == "MASS_LEAVE"}
    applied = [row.notice for row in draft.rows if row.notice and row.outcome == APPLY]
    return {
        "rows": rows,
        "outcomes": {name: draft.count(name) for name in (APPLY, CLERK, KNOWN, NONE, FAILED)},
        "kinds": dict(Counter(notice.kind.value for notice in applied)),
        "warnings": warnings,
        "errors": {code: n for (severity, code), n in found.items() if severity is Severity.ERROR},
        "effect": str(effect.total),
        "corrections": str(effect.corrections),
        "month": str(effect.month),
        "people": len(effect.by_person),
        "notes": [_plain_problem(note) for note in draft.notes],
        "digest": draft.digest(),
    }


def _plain_problem(problem: Problem) -> dict[str, Any]:
    return asdict(problem)
