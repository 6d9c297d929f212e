"""What letters to insured people about a claim say. Nothing here tells an illness.

Amounts are EUR. `written_on` is the day of what the letter tells, not of its printing, so that a
letter made again says the same.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from aupolicy.kernel.period import Period
from claims.exports.day_counter import CounterRow
from claims.facts import Piece
from documents.facts.paper import Address, Insurer


@dataclass(frozen=True, slots=True)
class ClaimLetter:
    """The head of every letter about a claim."""

    insurer: Insurer
    recipient: Address
    person_name: str
    claim_number: str
    written_on: date


@dataclass(frozen=True, slots=True)
class MonthRow:
    """What is due for a month: days paid at all, how it is computed in words, EUR."""

    month: date
    days: int
    calculation: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class CounterView:
    """The day counter of a leave: its pieces for the picture, the rows of the table under it."""

    pieces: tuple[Piece, ...]
    rows: tuple[CounterRow, ...]


@dataclass(frozen=True, slots=True)
class SumTerms:
    """What sets the monthly sum: terms of the day `since`; bounds and band in a banded tariff."""

    since: date
    monthly_sum: Decimal
    tariff_name: str
    pay: Decimal
    band: int | None
    above: Decimal | None
    up_to: Decimal | None


@dataclass(frozen=True, slots=True)
class LegalNotice:
    """Where somebody can turn who disagrees; `ombudsman` and `supervisor` with their addresses.

    Either may be "": then the letter leaves it out. Claims become time-barred after
    `limitation_years`.
    """

    ombudsman: str
    supervisor: str
    limitation_years: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why days are not paid: the reason with its clause, the wording agreed, the examiner's word.

    `days` None: none of the leave. `wording` is the text of an exclusion, else "".
    """

    days: Period | None
    reason: str
    wording: str
    words: str


@dataclass(frozen=True, slots=True)
class GrantContext(ClaimLetter):
    """A grant, in part where there is a refusal: what is paid from when, and what was due so far.

    `granted` are the days decided, `first_paid` the first of them that is paid (None where none
    is certified yet). `settled_through` is the day up to which `months` tell what is due.
    `brought_days` of the same illness were counted before the leave. `needs_account`: nobody has
    told an account yet.
    """

    granted: Period
    leave_first_day: date
    certified_until: date
    brought_days: int
    first_paid: date | None
    deferral_days: int
    benefit_until_day: int
    terms: SumTerms
    settled_through: date
    months: tuple[MonthRow, ...]
    total: Decimal
    counter: CounterView
    needs_account: bool
    refusal: Refusal | None
    legal: LegalNotice

    @property
    def first_benefit_day(self) -> int:
        """The number of the first day that is paid."""
        return self.deferral_days + 1


@dataclass(frozen=True, slots=True)
class RefusalContext(ClaimLetter):
    """A refusal with what was examined: reported and certified days, cover, the tariff."""

    reported_on: date
    leave_first_day: date | None
    certified: tuple[Period, ...]
    covers: tuple[Period, ...]
    tariff_name: str
    refusal: Refusal
    legal: LegalNotice


@dataclass(frozen=True, slots=True)
class EndContext(ClaimLetter):
    """The end of benefit: the last day paid (None: none was), why, and all that was due."""

    last_paid: date | None
    reason: str
    words: str
    months: tuple[MonthRow, ...]
    total: Decimal
    counter: CounterView | None
    legal: LegalNotice


@dataclass(frozen=True, slots=True)
class CorrectedMonth:
    """A month that was paid otherwise than it should have been: EUR before, now, too much."""

    month: date
    days_before: int
    before: Decimal
    days_now: int
    now: Decimal
    back: Decimal


@dataclass(frozen=True, slots=True)
class CorrectionContext(ClaimLetter):
    """Months computed anew after they were paid, and how what was too much comes back.

    `mode` is a value of `billing.models.Recovery.Mode`; `instalment` EUR at most from each payout,
    `pay_until` the day until which a transfer is asked for. `still_open` is what has not come back
    by then yet.
    """

    months: tuple[CorrectedMonth, ...]
    total_back: Decimal
    still_open: Decimal
    mode: str
    instalment: Decimal | None
    pay_until: date
    counter: CounterView | None
    legal: LegalNotice


@dataclass(frozen=True, slots=True)
class RequestContext(ClaimLetter):
    """Something we need from the insured person; `reminder` 0 asks, 1 and more remind.

    `kind` is a value of `DocumentRequest.Kind`; `days` those it is needed for.
    """

    kind: str
    days: Period | None
    words: str
    asked_on: date
    due_on: date
    reminder: int
    is_last_reminder: bool


@dataclass(frozen=True, slots=True)
class LinkContext(ClaimLetter):
    """The sheet that lets a person in: the link, as text and as a code for the telephone.

    `url` and `code` (inline SVG) are "" in the copy that is kept: its secret is nobody else's.
    """

    url: str
    code: str
    valid_until: date
