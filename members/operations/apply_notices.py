"""The one way in which insured people change: applying notices."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date

from django.db import transaction
from django.utils import timezone

from aupolicy.models import ContractVersion, GroupContract, User
from aupolicy.queries import get_tariff
from members.facts import (
    Applicant,
    Employment,
    Ineligibility,
    Notice,
    NoticeCode,
    NoticeKind,
    NoticeReport,
    NoticeResult,
    NoticeStatus,
    Timeline,
)
from members.models import NoticeRecord, Person
from members.operations.covers import BATCH, save_covers
from members.queries import list_records, retirement_steps, to_notice
from members.rules import decide_eligibility, derive_timeline, is_too_late

Code = NoticeCode | Ineligibility


def apply_notices(
    *,
    contract: GroupContract,
    notices: Sequence[Notice],
    sender: User | None = None,
    source_name: str = "",
) -> NoticeReport:
    """Store notices and derive anew who is insured, from when, with what pay.

    Each notice is first judged alone (refused, or put to a clerk when it reaches back too
    far); the rest is folded together with all earlier notices of the same person, so that any
    order of arrival ends in the same state. A notice known already changes nothing. Callers
    that want all or nothing look at the report and roll back.
    """
    with transaction.atomic():
        # Runs lock the contract too: a notice is either in a statement or in the next one.
        contract = GroupContract.objects.select_for_update(no_key=True).get(pk=contract.pk)
        fresh, duplicates = _without_known(contract, notices)
        judge = _Judge(contract)
        judged = [(notice, judge.codes(notice)) for notice in fresh]
        records = [_record(contract, n, codes, sender, source_name) for n, codes in judged]
        NoticeRecord.objects.bulk_create(records, batch_size=BATCH)
        _derive(contract, {record.personnel_number for record in records})
        stored = NoticeRecord.objects.in_bulk([record.pk for record in records])
        return NoticeReport(
            results=tuple(
                _result(notice, stored[record.pk])
                for (notice, _), record in zip(judged, records, strict=True)
            ),
            duplicates=duplicates,
        )


def _result(notice: Notice, record: NoticeRecord) -> NoticeResult:
    return NoticeResult(notice, NoticeStatus(record.status), tuple(map(_code, record.codes)))


def _code(text: str) -> Code:
    return NoticeCode(text) if text in NoticeCode.__members__ else Ineligibility(text)


def _fingerprint(notice: Notice) -> str:
    """What makes two notices the same: everything said, not when or from which row."""
    said = [getattr(notice, field.name) for field in fields(notice) if field.name not in _NOT_SAID]
    return hashlib.sha256(repr(said).encode()).hexdigest()


_NOT_SAID = frozenset({"received_at", "row"})


def _without_known(contract: GroupContract, notices: Sequence[Notice]) -> tuple[list[Notice], int]:
    by_print = {_fingerprint(notice): notice for notice in reversed(notices)}
    known = set(
        NoticeRecord.objects.filter(
            contract=contract, personnel_number__in={n.personnel_number for n in notices}
        )
        .exclude(status=NoticeStatus.REFUSED)
        .values_list("fingerprint", flat=True)
    )
    fresh = [notice for key, notice in reversed(by_print.items()) if key not in known]
    return fresh, len(notices) - len(fresh)


class _Judge:
    """Looks at one notice alone, against the terms of its day."""

    def __init__(self, contract: GroupContract) -> None:
        self.contract = contract
        self.versions: list[ContractVersion] = list(contract.versions.all())

    def codes(self, notice: Notice) -> list[Code]:
        period = self.contract.period
        if notice.effective not in period and notice.kind in _BEGINS:
            return [NoticeCode.OUTSIDE_CONTRACT]
        terms = next((v for v in self.versions if notice.effective in v.period), self.versions[0])
        tariff = get_tariff(terms.tariff_key)
        version = tariff.version_on(notice.effective) or tariff.versions[0]
        codes = _missing(notice)
        if codes:
            return codes
        if notice.kind is NoticeKind.JOIN and notice.birth_date is not None:
            verdict = decide_eligibility(
                _applicant(notice, notice.birth_date, co_insured=terms.co_insures_directors),
                as_of=notice.effective,
                parameters=version.parameters,
                steps=retirement_steps(),
            )
            if verdict.reason is not None:
                return [verdict.reason]
        if is_too_late(notice, received_on(notice), version.parameters.retro_months):
            return [NoticeCode.RETRO_LIMIT]
        return []


_BEGINS = frozenset({NoticeKind.JOIN, NoticeKind.RETURN})


def received_on(notice: Notice) -> date:
    """The local day a notice was received."""
    return timezone.localtime(notice.received_at).date()


def _missing(notice: Notice) -> list[Code]:
    codes: list[Code] = []
    if notice.kind is NoticeKind.JOIN:
        if not notice.first_name or not notice.last_name:
            codes.append(NoticeCode.MISSING_NAME)
        if notice.birth_date is None:
            codes.append(NoticeCode.MISSING_BIRTH_DATE)
        elif notice.birth_date > received_on(notice):
            codes.append(NoticeCode.BIRTH_DATE_IN_FUTURE)
    if notice.kind in {NoticeKind.JOIN, NoticeKind.PAY_CHANGE} and notice.pay is None:
        codes.append(NoticeCode.MISSING_PAY)
    return codes


def _applicant(notice: Notice, birth_date: date, *, co_insured: bool) -> Applicant:
    is_director = notice.employment in {Employment.DIRECTOR, Employment.OWNER}
    return Applicant(
        birth_date=birth_date,
        employment=notice.employment,
        occupation=notice.occupation,
        health_insurance=notice.health_insurance,
        co_insured_director=co_insured and is_director,
    )


def _status(codes: Iterable[Code]) -> NoticeStatus:
    found = set(codes)
    if not found:
        return NoticeStatus.APPLIED
    return NoticeStatus.NEEDS_CLERK if found <= _FOR_CLERK else NoticeStatus.REFUSED


# The sender cannot put these right alone, or another notice may still put them right.
_FOR_CLERK = frozenset({NoticeCode.RETRO_LIMIT, NoticeCode.NO_COVER, NoticeCode.ALREADY_COVERED})


def _record(
    contract: GroupContract,
    notice: Notice,
    codes: list[Code],
    sender: User | None,
    source_name: str,
) -> NoticeRecord:
    return NoticeRecord(
        contract=contract,
        personnel_number=notice.personnel_number,
        kind=notice.kind.value,
        effective=notice.effective,
        received_at=notice.received_at,
        pay=notice.pay,
        reason=notice.reason.value if notice.reason else "",
        first_name=notice.first_name,
        last_name=notice.last_name,
        birth_date=notice.birth_date,
        employment=notice.employment,
        occupation=notice.occupation,
        health_insurance=notice.health_insurance,
        reference=notice.reference,
        source_name=source_name,
        row=notice.row,
        sender=sender,
        fingerprint=_fingerprint(notice),
        status=_status(codes).value,
        codes=[code.value for code in codes],
    )


@dataclass
class _Person:
    """One person's accepted notices with their rows, and what follows from them."""

    notices: list[Notice]
    records: list[NoticeRecord]

    def join(self) -> Notice | None:
        joins = [n for n in self.notices if n.kind is NoticeKind.JOIN]
        return max(joins, key=Notice.sort_key, default=None)

    def timeline(self) -> Timeline:
        join = self.join()
        birth_date = join.birth_date if join else None
        return derive_timeline(self.notices, birth_date=birth_date, steps=retirement_steps())


def _derive(contract: GroupContract, numbers: set[str]) -> None:
    """Bring persons, memberships, pay and the standing of notices in line with the notices."""
    people: dict[str, _Person] = defaultdict(lambda: _Person([], []))
    for record in list_records(contract, numbers):
        if record.status == NoticeStatus.REFUSED or NoticeCode.RETRO_LIMIT in record.codes:
            continue
        person = people[record.personnel_number]
        person.notices.append(to_notice(record))
        person.records.append(record)
    timelines = {number: person.timeline() for number, person in people.items()}
    _save_standing(people, timelines)
    ids = _save_persons(contract, people)
    covers = {ids[n]: t.covers for n, t in timelines.items() if n in ids}
    save_covers(contract, covers)


def _save_standing(people: dict[str, _Person], timelines: dict[str, Timeline]) -> None:
    changed = []
    for number, person in people.items():
        codes = timelines[number].codes
        for index, record in enumerate(person.records):
            now = [codes[index].value] if index in codes else []
            if record.codes != now:
                record.codes = now
                record.status = _status(codes[i] for i in [index] if i in codes).value
                changed.append(record)
    NoticeRecord.objects.bulk_update(changed, ["codes", "status"], batch_size=BATCH)


def _save_persons(contract: GroupContract, people: dict[str, _Person]) -> dict[str, int]:
    """Persons by personnel number; name and birth date are those of the last joining."""
    existing = {
        person.personnel_number: person
        for person in Person.objects.filter(
            employer_id=contract.employer_id, personnel_number__in=list(people)
        )
    }
    new, changed = [], []
    for number, person in people.items():
        join = person.join()
        if join is None or join.birth_date is None:
            continue
        said = (join.first_name, join.last_name, join.birth_date)
        row = existing.get(number)
        if row is None:
            new.append(_new_person(contract, number, said))
        elif (row.first_name, row.last_name, row.birth_date) != said:
            row.first_name, row.last_name, row.birth_date = said
            changed.append(row)
    Person.objects.bulk_create(new, batch_size=BATCH)
    Person.objects.bulk_update(changed, ["first_name", "last_name", "birth_date"], batch_size=BATCH)
    return {row.personnel_number: row.pk for row in [*existing.values(), *new]}


def _new_person(contract: GroupContract, number: str, said: tuple[str, str, date]) -> Person:
    first_name, last_name, birth_date = said
    return Person(
        employer_id=contract.employer_id,
        personnel_number=number,
        first_name=first_name,
        last_name=last_name,
        birth_date=birth_date,
    )
