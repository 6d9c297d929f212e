"""On which day a direct debit falls due, and until when its file must be with the bank."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aupolicy.kernel.bank_calendar import next_target_day, previous_target_day

_GERMANY = ZoneInfo("Europe/Berlin")


class UnableToDecideDueDate(ValueError):
    """`notice_days` is not a notice: the debtor must hear of a debit at least a day before."""

    def __init__(self, notice_days: int) -> None:
        super().__init__(f"notice of {notice_days} days, expected 1 or more")
        self.notice_days = notice_days


@dataclass(frozen=True, slots=True)
class DueDate:
    """`due`: the TARGET day requested for collection. `submit_by`: last day to hand in the file.

    The bank's own cut-off hour on that day is earlier than its end: see `decide_submission`.
    """

    due: date
    submit_by: date


def decide_due_date(*, wanted: date, announced: date, notice_days: int) -> DueDate:
    """Due date of a debit that was announced to the debtor on a day.

    The first TARGET day on or after both the wanted day and the end of the pre-notification
    period. `notice_days` are calendar days: 14 by the SEPA direct debit rulebooks, down to 1 where
    creditor and debtor agreed so. A file must be with the bank one TARGET day before (D-1, DFÜ
    agreement annex 3, for CORE and B2B alike). Raises UnableToDecideDueDate.

    With a notice of a day or two before a run of closing days `submit_by` can lie before
    `announced`; whoever makes the file decides whether there is still time.
    """
    if notice_days < 1:
        raise UnableToDecideDueDate(notice_days)
    due = next_target_day(max(wanted, announced + timedelta(days=notice_days)))
    return DueDate(due=due, submit_by=previous_target_day(due))


def decide_submission(*, due: date, cut_off: time) -> datetime:
    """The moment by which the bank must have the file of debits due on a TARGET day.

    The TARGET day before (D-1), at the hour of German local time until which the creditor's bank
    takes files for the next day; that hour is agreed with the bank.
    """
    return datetime.combine(previous_target_day(due), cut_off, tzinfo=_GERMANY)
