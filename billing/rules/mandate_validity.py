"""Whether a SEPA mandate carries a debit that is due on a day."""

from datetime import date

from aupolicy.kernel.legal_time import add_months
from aupolicy.kernel.period import ONE_DAY, earliest_end
from billing.facts.debit import Scheme
from billing.facts.mandate import MandateDecision, MandateHistory, MandateStanding

# A mandate that was not used for so long must not be used again (SEPA direct debit rulebooks).
EXPIRY_MONTHS = 36


def decide_mandate_state(*, mandate: MandateHistory, day: date) -> MandateDecision:
    """How a mandate stands on a day, in particular on the due date of a debit.

    What ended it for good comes first, then what it still lacks: a mandate that was revoked while
    it was suspended is revoked. It must be signed by the day of the debit, and a B2B one must be
    confirmed by the debtor's bank, which otherwise refuses the debit (B2B rulebook).
    """
    last_day = expires_after(mandate)
    standing, since = _find_standing(mandate, day, last_day)
    return MandateDecision(
        standing=standing,
        day=day,
        since=since,
        usable_to=earliest_end(last_day, mandate.period.last_day, _day_before(mandate.revoked_on)),
    )


def expires_after(mandate: MandateHistory) -> date | None:
    """The last day on which a debit may be due, for want of use; None before the signature.

    36 months from the due date of the latest debit that was handed in, also if it was rejected,
    returned or refunded, or from the signature if there was none (SEPA direct debit rulebooks,
    as German banks agree it with creditors). A month without such a day ends on its last day
    (§ 188 (3) BGB): after 29 February 2024 follows 28 February 2027.
    """
    begin = mandate.last_due or mandate.signed_on
    return None if begin is None else add_months(begin, EXPIRY_MONTHS)


def _find_standing(
    mandate: MandateHistory, day: date, last_day: date | None
) -> tuple[MandateStanding, date | None]:
    ended = _find_end(mandate, day, last_day)
    if ended is not None:
        return ended
    begins = mandate.period.first_day
    if mandate.signed_on is None:
        return MandateStanding.PENDING, None
    if day < max(begins, mandate.signed_on):
        return MandateStanding.PENDING, max(begins, mandate.signed_on)
    if mandate.suspended is not None and day in mandate.suspended:
        return MandateStanding.SUSPENDED, mandate.suspended.first_day
    return _find_confirmation(mandate, day)


def _find_end(
    mandate: MandateHistory, day: date, last_day: date | None
) -> tuple[MandateStanding, date] | None:
    """What ended the mandate before the day, and on which day; None while nothing has."""
    if mandate.revoked_on is not None and mandate.revoked_on <= day:
        return MandateStanding.REVOKED, mandate.revoked_on
    if mandate.period.last_day is not None and mandate.period.last_day < day:
        return MandateStanding.ENDED, mandate.period.last_day + ONE_DAY
    if last_day is not None and last_day < day:
        return MandateStanding.EXPIRED, last_day + ONE_DAY
    return None


def _find_confirmation(mandate: MandateHistory, day: date) -> tuple[MandateStanding, date | None]:
    begins = max(mandate.period.first_day, mandate.signed_on or mandate.period.first_day)
    if mandate.scheme is not Scheme.B2B:
        return MandateStanding.ACTIVE, begins
    confirmed = mandate.bank_confirmed_on
    if confirmed is None or day < confirmed:
        return MandateStanding.AWAITING_BANK, begins
    return MandateStanding.ACTIVE, max(begins, confirmed)


def _day_before(day: date | None) -> date | None:
    return None if day is None else day - ONE_DAY
