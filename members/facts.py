"""Frozen values about insured people: notices and what follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from aupolicy.kernel.period import Period


class NoticeKind(StrEnum):
    """What a notice (Meldung) reports."""

    JOIN = "JOIN"
    LEAVE = "LEAVE"
    PAY_CHANGE = "PAY_CHANGE"
    PARENTAL_LEAVE = "PARENTAL_LEAVE"
    RETURN = "RETURN"
    DEATH = "DEATH"
    NAME_CHANGE = "NAME_CHANGE"
    CORRECTION = "CORRECTION"


class NoticeStatus(StrEnum):
    """Where a notice stands. An applied one whose day has not come waits for it."""

    APPLIED = "APPLIED"
    NEEDS_CLERK = "NEEDS_CLERK"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


class ShownStatus(StrEnum):
    """What a reader is told of a notice on a day; a received one waits for its day."""

    RECEIVED = "RECEIVED"
    APPLIED = "APPLIED"
    NEEDS_CLERK = "NEEDS_CLERK"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


class Channel(StrEnum):
    """Which way a notice came in."""

    FORM = "FORM"
    FILE = "FILE"
    API = "API"
    COMMAND = "COMMAND"


class UploadKind(StrEnum):
    """What the rows of a file are: single notices, or everybody in the payroll."""

    CHANGES = "CHANGES"
    FULL_LIST = "FULL_LIST"


class UploadStatus(StrEnum):
    """Where a file stands; RELEASED ones are being applied."""

    RECEIVED = "RECEIVED"
    CHECKED = "CHECKED"
    RELEASED = "RELEASED"
    APPLIED = "APPLIED"
    REFUSED = "REFUSED"
    DISCARDED = "DISCARDED"


class EndReason(StrEnum):
    """Why a person's cover ends."""

    EMPLOYMENT_ENDED = "EMPLOYMENT_ENDED"
    DEATH = "DEATH"
    PARENTAL_LEAVE = "PARENTAL_LEAVE"
    RETIREMENT_AGE = "RETIREMENT_AGE"
    CONTRACT_ENDED = "CONTRACT_ENDED"
    OTHER = "OTHER"


class Employment(StrEnum):
    """How a person is employed; never derived from pay."""

    REGULAR = "regular"
    TRAINEE = "trainee"
    MARGINAL = "marginal"
    DIRECTOR = "director"
    OWNER = "owner"


class Ineligibility(StrEnum):
    """Why a person cannot be insured."""

    TOO_YOUNG = "TOO_YOUNG"
    OVER_AGE = "OVER_AGE"
    MARGINAL_EMPLOYMENT = "MARGINAL_EMPLOYMENT"
    PROFESSIONAL_SOLDIER = "PROFESSIONAL_SOLDIER"
    PROFESSIONAL_FIREFIGHTER = "PROFESSIONAL_FIREFIGHTER"
    PROFESSIONAL_DIVER = "PROFESSIONAL_DIVER"
    NOT_EMPLOYED = "NOT_EMPLOYED"


class NoticeCode(StrEnum):
    """Why a notice is not applied, beside the reasons of `Ineligibility`."""

    MISSING_NAME = "MISSING_NAME"
    MISSING_BIRTH_DATE = "MISSING_BIRTH_DATE"
    MISSING_PAY = "MISSING_PAY"
    BIRTH_DATE_IN_FUTURE = "BIRTH_DATE_IN_FUTURE"
    OUTSIDE_CONTRACT = "OUTSIDE_CONTRACT"
    RETRO_LIMIT = "RETRO_LIMIT"
    NO_COVER = "NO_COVER"
    ALREADY_COVERED = "ALREADY_COVERED"
    NEVER_JOINED = "NEVER_JOINED"
    NO_TARIFF = "NO_TARIFF"
    NAME_WITHOUT_PERSON = "NAME_WITHOUT_PERSON"
    NOTHING_TO_CORRECT = "NOTHING_TO_CORRECT"
    REFERENCE_USED = "REFERENCE_USED"
    TOO_FAR_AHEAD = "TOO_FAR_AHEAD"
    REFUSED_BY_CLERK = "REFUSED_BY_CLERK"


Code = NoticeCode | Ineligibility
"""Why a notice is not applied."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """What eligibility is decided on."""

    birth_date: date
    employment: str
    occupation: str = ""
    health_insurance: str = ""
    co_insured_director: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """One report about one person, whichever way it came in.

    `effective` is the first day of the new state, except for LEAVE and DEATH, where it is the
    last day of cover; for PARENTAL_LEAVE it is the first day of the leave. `pay` is monthly
    gross in EUR. `reference` is the sender's own, `corrects` that of the earlier notice which a
    CORRECTION withdraws, or our own number of it after a "#"; `row` the row of a file.
    """

    kind: NoticeKind
    personnel_number: str
    effective: date
    received_at: datetime
    pay: Decimal | None = None
    reason: EndReason | None = None
    first_name: str = ""
    last_name: str = ""
    birth_date: date | None = None
    employment: str = Employment.REGULAR
    occupation: str = ""
    health_insurance: str = ""
    reference: str = ""
    corrects: str = ""
    row: int | None = None

    def sort_key(self) -> tuple[date, int, datetime, int, str, Decimal]:
        """Order in which notices of one person take effect, whatever order they arrived in."""
        pay = _NO_PAY if self.pay is None else self.pay
        return (self.effective, _RANK[self.kind], *self.received_key(), self.reference, pay)

    def received_key(self) -> tuple[datetime, int]:
        """Order in which notices were said: by the moment of receipt, then by the row."""
        return (self.received_at, self.row or 0)

    def says_the_same(self, other: "Notice") -> bool:
        """Whether two notices say the same, whenever and in whichever row."""
        return all(getattr(self, name) == getattr(other, name) for name in _SAID)


_NO_PAY = Decimal(-1)


# On one day: cover begins before pay changes, and ends last.
_RANK = {
    NoticeKind.JOIN: 0,
    NoticeKind.RETURN: 1,
    NoticeKind.PAY_CHANGE: 2,
    NoticeKind.PARENTAL_LEAVE: 3,
    NoticeKind.LEAVE: 4,
    NoticeKind.DEATH: 5,
    NoticeKind.NAME_CHANGE: 6,
    NoticeKind.CORRECTION: 7,
}
_SAID = tuple(f.name for f in fields(Notice) if f.name not in {"received_at", "row"})


@dataclass(frozen=True, slots=True)
class PayPeriod:
    """Insured monthly pay in EUR for a period."""

    period: Period
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Cover:
    """One stretch of cover of a person with the pay of its time."""

    period: Period
    end_reason: EndReason | None
    pays: tuple[PayPeriod, ...]


@dataclass(frozen=True, slots=True)
class CoverEnd:
    """Last day of cover and why."""

    last_day: date
    reason: EndReason


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether a person can be insured and, if not, why."""

    eligible: bool
    reason: Ineligibility | None = None


@dataclass(frozen=True, slots=True)
class PersonName:
    """What is told about a person beside cover and pay."""

    first_name: str
    last_name: str
    birth_date: date


@dataclass(frozen=True, slots=True)
class Timeline:
    """What all notices of a person amount to; `codes` tells which notices (by index) do not fit."""

    covers: tuple[Cover, ...] = ()
    name: PersonName | None = None
    codes: dict[int, NoticeCode] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoticeResult:
    """What became of one notice. `codes` are machine codes, empty when it was applied.

    A duplicate was known already and changes nothing; its status is that of the known one.
    `key` is the id of the record that a duplicate repeats, else the notice's key in its plan.
    """

    notice: Notice
    status: NoticeStatus
    codes: tuple[Code, ...] = ()
    is_duplicate: bool = False
    key: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class NoticeReport:
    """What became of a batch; `duplicates` were known already and changed nothing."""

    results: tuple[NoticeResult, ...]
    duplicates: int = 0

    def count(self, status: NoticeStatus) -> int:
        """How many notices have a status."""
        return sum(result.status is status for result in self.results)


@dataclass(frozen=True, slots=True)
class RecordedCover:
    """A membership as the table holds it; `cover` None: it never came about."""

    membership_id: int
    cover: Cover | None


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """What notices would make of one person under one contract.

    `person_id` is None for somebody not on record yet. Covers are as the notices say, not cut
    to the contract's own period (see `members.rules.cut_to_contract`).
    """

    personnel_number: str
    person_id: int | None
    name_before: PersonName | None
    name_after: PersonName | None
    recorded: tuple[RecordedCover, ...]
    after: tuple[Cover, ...]

    @property
    def before(self) -> tuple[Cover, ...]:
        """The covers on record, by their first day."""
        covers = [each.cover for each in self.recorded if each.cover is not None]
        return tuple(sorted(covers, key=lambda cover: cover.period.first_day))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a notice stands. `withdrawn_by` is the key of the correction that withdrew it.

    Keys are record ids, and -1, -2, ... for the notices of a plan in their order.
    """

    status: NoticeStatus
    codes: tuple[Code, ...] = ()
    withdrawn_by: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What some notices would do, decided without writing anything.

    `results` has one entry for each notice given, in their order, duplicates too. `persons` are
    the people they are about, by personnel number. `standings` are those of the new notices
    that are no duplicates (by key), `changed` those of notices on record that stand differently
    from before (by id).
    """

    results: tuple[NoticeResult, ...]
    persons: Mapping[str, PersonPlan]
    standings: Mapping[int, Standing]
    changed: Mapping[int, Standing]


class Severity(StrEnum):
    """How much a finding about a row weighs: an error keeps it back, a warning asks for a look."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to tell about a row of a file: a code with parameters, and where it stands."""

    severity: Severity
    code: str
    column: str = ""
    value: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
