"""What a file of notices would do, row by row. Nothing is written; check and apply share it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from members.facts import Code, Finding, Notice, Plan, Severity
from members.models import Membership, Upload
from members.parsing.problems import Problem
from members.queries.draft_rows import (
    FIELD_OF_CODE,
    NONE,
    Drafter,
    DraftRow,
    Explain,
    find_mass_leave,
    make_digest,
)
from members.queries.upload_reading import Reading, read_upload


@dataclass(frozen=True, slots=True)
class Draft:
    """A file, what it says and what that would do; `rows` in the order of the file."""

    reading: Reading
    rows: list[DraftRow]
    notes: list[Problem] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        """How many rows have an outcome."""
        unchanged = self.reading.unchanged if outcome == NONE else 0
        return unchanged + sum(row.outcome == outcome for row in self.rows)

    def digest(self) -> str:
        """The same for two drafts that would do the same; what is released is what happens."""
        return make_digest(self.rows)


def draft_upload(upload: Upload, take: Callable[[Plan], object]) -> Draft:
    """Read a file and decide what it would do. Raises UnableToReadTable.

    The plan comes in parts, a few thousand people each: `take` gets one after the other, and
    none is kept. It may write the part.
    """
    reading = read_upload(upload)
    drafter = Drafter(upload.contract, _explainer(reading))
    drafter.hear(reading.said)
    drafter.plan(take)
    mass = find_mass_leave(drafter.rows, lambda: _count_insured(upload, reading))
    notes = [*reading.notes, *mass]
    return Draft(reading, drafter.rows, notes)


def _explainer(reading: Reading) -> Explain:
    """A code with the cell it is about."""

    def explain(severity: Severity, code: Code, notice: Notice) -> Finding:
        name = FIELD_OF_CODE.get(code, "")
        if not name or notice.row is None:
            return Finding(severity, code.value)
        value = reading.cells(notice.row).get(name, "")
        return Finding(severity, code.value, reading.columns.heading(name), value)

    return explain


def _count_insured(upload: Upload, reading: Reading) -> int:
    if reading.insured is not None:
        return reading.insured
    day = upload.effective or upload.received_at.date()
    return Membership.objects.filter(contract_id=upload.contract_id, period__contains=day).count()
