"""The lists of a statement: who is insured, who left, what past months cost otherwise."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from aupolicy.kernel.month import Month
from aupolicy.kernel.period import Period
from billing.models import PremiumLine, Statement
from billing.queries.lines import LineRow
from documents.facts import CorrectionRow, InsuredRow, LeaverRow, MonthState
from documents.rules import describe_change, describe_correction
from members.models import END_REASON_WORDS, Membership, Person


@dataclass(frozen=True, slots=True)
class StatementLists:
    """The three lists of a statement, each by name."""

    insured: tuple[InsuredRow, ...]
    leavers: tuple[LeaverRow, ...]
    corrections: tuple[CorrectionRow, ...]

    @property
    def row_count(self) -> int:
        """Rows of all three."""
        return len(self.insured) + len(self.leavers) + len(self.corrections)


@dataclass(frozen=True, slots=True)
class _Covers:
    """All covers of the people of one contract, with why they end."""

    by_person: dict[int, list[tuple[Period, str]]]

    def periods(self, person_id: int) -> list[Period]:
        return [period for period, _ in self.by_person.get(person_id, [])]

    def reaching(self, person_id: int, month: Month) -> Period | None:
        """The last cover that reaches into a month."""
        inside = [p for p in self.periods(person_id) if p.intersection(month.period)]
        return inside[-1] if inside else None


def build_lists(
    statement: Statement, *, current: Sequence[LineRow], past: Sequence[LineRow]
) -> StatementLists:
    """The lists from the lines of the month itself and those of past months."""
    month = Month.of(statement.month)
    before = _list_states(statement, month.plus(-1))
    covers = _list_covers(statement, {line.person_id for line in (*current, *past)} | set(before))
    insured = tuple(_insured_row(line, month, before, covers) for line in current)
    gone = [
        person_id
        for person_id, state in before.items()
        if state.covered_days and person_id not in {line.person_id for line in current}
    ]
    return StatementLists(
        insured=insured,
        leavers=_leaver_rows(gone, covers),
        corrections=_correction_rows(statement, past, covers),
    )


def _insured_row(
    line: LineRow, month: Month, before: dict[int, MonthState], covers: _Covers
) -> InsuredRow:
    whole = line.covered_days == month.last_day.day
    return InsuredRow(
        personnel_number=line.personnel_number,
        name=f"{line.last_name}, {line.first_name}",
        band=line.band,
        covered_days=None if whole else line.covered_days,
        change=describe_change(
            month=month,
            before=before.get(line.person_id),
            now=_state(line),
            cover=covers.reaching(line.person_id, month),
        ),
        premium=line.amount,
    )


def _leaver_rows(person_ids: Sequence[int], covers: _Covers) -> tuple[LeaverRow, ...]:
    people = Person.objects.filter(pk__in=person_ids).order_by(
        "last_name", "first_name", "personnel_number"
    )
    rows = []
    for person in people:
        last = covers.by_person.get(person.pk, [])[-1:]
        rows.append(
            LeaverRow(
                personnel_number=person.personnel_number,
                name=f"{person.last_name}, {person.first_name}",
                last_day=last[0][0].last_day if last else None,
                reason=last[0][1] if last else "Zugang zurückgenommen",
            )
        )
    return tuple(rows)


def _correction_rows(
    statement: Statement, past: Sequence[LineRow], covers: _Covers
) -> tuple[CorrectionRow, ...]:
    months = {line.covered_month for line in past}
    billed = {day: _list_states(statement, Month.of(day)) for day in months}
    return tuple(
        CorrectionRow(
            month=line.covered_month,
            personnel_number=line.personnel_number,
            name=f"{line.last_name}, {line.first_name}",
            reason=describe_correction(
                month=Month.of(line.covered_month),
                before=billed[line.covered_month].get(line.person_id),
                now=_state(line),
                covers=covers.periods(line.person_id),
            ),
            before=line.recorded_before,
            after=line.owed,
            difference=line.amount,
        )
        for line in past
    )


def _state(line: LineRow) -> MonthState:
    return MonthState(line.covered_days, line.pay, line.band, line.tariff_id)


def _list_states(statement: Statement, month: Month) -> dict[int, MonthState]:
    """How everybody stood in a month as the statements before this one knew it, by person."""
    lines = (
        PremiumLine.objects.filter(
            contract_id=statement.contract_id,
            covered_month=month.first_day,
            run_id__lt=statement.run_id,
        )
        .order_by("person_id", "-run_id")
        .distinct("person_id")
        .values_list("person_id", "covered_days", "pay", "band", "tariff_id")
    )
    return {
        person_id: MonthState(covered_days, pay, band, tariff_id)
        for person_id, covered_days, pay, band, tariff_id in lines
    }


def _list_covers(statement: Statement, person_ids: set[int]) -> _Covers:
    by_person: dict[int, list[tuple[Period, str]]] = defaultdict(list)
    rows = (
        Membership.objects.filter(
            contract=statement.contract_id, person_id__in=person_ids, period__isnull=False
        )
        .order_by("person_id", "period")
        .values_list("person_id", "period", "end_reason")
    )
    words = {reason.value: word for reason, word in END_REASON_WORDS.items()}
    for person_id, period, reason in rows:
        if period is not None:
            by_person[person_id].append((period, words.get(reason, "")))
    return _Covers(by_person)
