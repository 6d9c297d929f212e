"""A SEPA mandate over time, as values: what it said, what happened to it, how it stands."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from aupolicy.kernel.period import Period
from billing.facts.debit import Scheme


@dataclass(frozen=True, slots=True)
class MandateState:
    """What a debit tells the banks about its mandate; all in stored form."""

    reference: str
    creditor_identifier: str
    creditor_name: str
    iban: str
    scheme: Scheme


@dataclass(frozen=True, slots=True)
class MandateHistory:
    """What happened to a mandate and decides on which days it carries a debit.

    `period`: from its first day until it was replaced or its contract ended. `last_due`: due date
    of the latest debit handed in under it, in any of its versions, whatever became of that debit.
    `suspended`: days without debits, such as after a return; open until the cause is settled.
    `revoked_on`: the day on which the revocation arrived.
    """

    scheme: Scheme
    period: Period
    signed_on: date | None
    bank_confirmed_on: date | None = None
    last_due: date | None = None
    suspended: Period | None = None
    revoked_on: date | None = None


class MandateStanding(StrEnum):
    """How a mandate stands on a day; debits are possible only while it is ACTIVE.

    PENDING: not yet signed, or its first day is yet to come. AWAITING_BANK: the debtor's bank has
    not confirmed a B2B mandate. ENDED: replaced, or its contract is over.
    """

    PENDING = "pending"
    ACTIVE = "active"
    AWAITING_BANK = "awaiting_bank"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class MandateDecision:
    """How a mandate stands on `day`, and since when: None for what is not settled at all yet.

    For a mandate that is PENDING because its first day is to come, `since` is that day. `usable_to`
    is the last day on which a debit may be due unless another one is handed in before.
    """

    standing: MandateStanding
    day: date
    since: date | None
    usable_to: date | None

    @property
    def is_valid(self) -> bool:
        """Whether a debit may be due on the day."""
        return self.standing is MandateStanding.ACTIVE


class NoDebitReason(StrEnum):
    """Why an open item is not collected.

    CAME_BACK: its debit was returned, and nothing says that it may be collected again yet.
    IN_PLAN: no instalment of it is due. OTHER_CREDITOR: the mandate names a creditor we no longer
    are, and has no version that says so.
    """

    NO_MANDATE = "NO_MANDATE"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"
    SUSPENDED = "SUSPENDED"
    B2B_NOT_CONFIRMED = "B2B_NOT_CONFIRMED"
    OTHER_CREDITOR = "OTHER_CREDITOR"
    CREDIT = "CREDIT"
    CAME_BACK = "CAME_BACK"
    IN_PLAN = "IN_PLAN"


_REASONS = {
    MandateStanding.EXPIRED: NoDebitReason.EXPIRED,
    MandateStanding.REVOKED: NoDebitReason.REVOKED,
    MandateStanding.SUSPENDED: NoDebitReason.SUSPENDED,
    MandateStanding.AWAITING_BANK: NoDebitReason.B2B_NOT_CONFIRMED,
}


def find_reason(standing: MandateStanding) -> NoDebitReason | None:
    """Why a mandate carries no debit; one that is not there yet or no more is none."""
    if standing is MandateStanding.ACTIVE:
        return None
    return _REASONS.get(standing, NoDebitReason.NO_MANDATE)


@dataclass(frozen=True, slots=True)
class SignatureProof:
    """How somebody signed in the portal: a name under a wording, or a signed paper.

    `wording` is what was shown, to the letter. `ip_address` is where the request came from.
    """

    ip_address: str
    typed_name: str = ""
    wording: str = ""
    document_name: str = ""
    document: bytes = b""


@dataclass(frozen=True, slots=True)
class MandateText:
    """What the text of a mandate names; `address` of the creditor in one line."""

    creditor_name: str
    creditor_address: str
    creditor_identifier: str
    reference: str
    scheme: Scheme
    contract_number: str
    account_holder: str
    iban: str
    bank_name: str
