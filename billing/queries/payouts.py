"""What benefit is to be paid out on a day, to whom, and what waits and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from aupolicy.kernel.money import total
from billing.exports.sepa_transfer_rules import check_reach
from billing.facts.recovery import NEEDS_NEW_ACCOUNT
from billing.models import Payout, PayoutItem
from billing.queries.recoveries import list_open_recoveries
from billing.rules.offset import Offset, OpenRecovery, compute_offsets, subtract_offsets
from billing.rules.remittance import describe_payout
from claims.models import BenefitSlice, Payee


class WaitReason(StrEnum):
    """Why what is due to a claim is not paid."""

    NO_ACCOUNT = "NO_ACCOUNT"
    NOT_CHECKED = "NOT_CHECKED"
    ACCOUNT_FAILED = "ACCOUNT_FAILED"
    NOT_REACHABLE = "NOT_REACHABLE"


@dataclass(frozen=True, slots=True)
class DueSlice:
    """A slice that is to be paid, in EUR; `came_back`: it was paid before, and returned."""

    slice_id: int
    month: date
    amount: Decimal
    came_back: bool


@dataclass(frozen=True, slots=True)
class DueClaim:
    """What is due to a claim, with the names that pages and bank texts need."""

    claim_id: int
    number: str
    person_id: int
    person_name: str
    contract_id: int
    contract_number: str
    slices: tuple[DueSlice, ...]

    @property
    def gross(self) -> Decimal:
        """EUR before anything is kept back."""
        return total(item.amount for item in self.slices)


@dataclass(frozen=True, slots=True)
class DuePayout:
    """One transfer to be made: what is due to a claim less what is kept back."""

    claim: DueClaim
    holder: str
    iban: str
    bic: str
    offsets: tuple[Offset, ...]

    @property
    def kept_back(self) -> Decimal:
        """EUR kept back for recoveries."""
        return total(offset.amount for offset in self.offsets)

    @property
    def amount(self) -> Decimal:
        """EUR to be transferred; 0.00 where everything is kept back."""
        return self.claim.gross - self.kept_back

    @property
    def remittance(self) -> str:
        """What the payee reads at the bank."""
        months = (item.month for item in self.claim.slices)
        return describe_payout(months=months, contract=self.claim.contract_number)


@dataclass(frozen=True, slots=True)
class WaitingClaim:
    """What is due to a claim and cannot be paid."""

    claim: DueClaim
    reason: WaitReason


@dataclass(frozen=True, slots=True)
class PayoutPlan:
    """Everything that is due, as of an execution day: claims in order of persons and numbers."""

    execution_date: date
    due: tuple[DuePayout, ...]
    waiting: tuple[WaitingClaim, ...]


def list_due(*, execution_date: date) -> list[DuePayout]:
    """What can be paid on a day."""
    return list(plan_payouts(execution_date=execution_date).due)


def list_waiting(*, execution_date: date) -> list[WaitingClaim]:
    """What is due and has no account, checked and sound, that it could be paid to on a day."""
    return list(plan_payouts(execution_date=execution_date).waiting)


def unpaid_slices() -> QuerySet[BenefitSlice]:
    """Slices that are owed and that no payout has paid, other than one that came back."""
    paid = PayoutItem.objects.filter(slice=OuterRef("pk"), returned=False)
    return BenefitSlice.objects.filter(~Exists(paid), cancelled_at=None)


def plan_payouts(*, execution_date: date, lock: bool = False) -> PayoutPlan:
    """What would be paid on a day and what waits; one transfer a claim.

    With `lock` the slices are locked, so that nobody cancels one while it is being paid.
    """
    slices = unpaid_slices()
    if lock:
        ids = list(slices.values_list("pk", flat=True))
        locked = BenefitSlice.objects.select_for_update(no_key=True)
        list(locked.filter(pk__in=ids).order_by("pk").values_list("pk"))
    # Asked again under the lock: what was cancelled meanwhile is gone.
    claims = _load_claims(slices)
    accounts = _Accounts([claim.claim_id for claim in claims], execution_date)
    waiting, payable = [], []
    for claim in claims:
        reason = accounts.find_fault(claim.claim_id)
        if reason is None:
            payable.append((claim, accounts.payees[claim.claim_id]))
        else:
            waiting.append(WaitingClaim(claim, reason))
    return PayoutPlan(execution_date, tuple(_keep_back(payable)), tuple(waiting))


def _load_claims(slices: QuerySet[BenefitSlice]) -> list[DueClaim]:
    returned = PayoutItem.objects.filter(slice=OuterRef("pk"), returned=True)
    rows = slices.annotate(came_back=Exists(returned)).order_by("person_id", "claim_id", "month")
    values = rows.values_list(
        "claim_id",
        "claim__number",
        "person_id",
        "person__first_name",
        "person__last_name",
        "contract_id",
        "contract__number",
        "pk",
        "month",
        "amount",
        "came_back",
    )
    return [
        _build_claim(key, [DueSlice(*row[7:]) for row in group])
        for key, group in groupby(values.iterator(chunk_size=5_000), key=lambda row: row[:7])
    ]


def _build_claim(
    key: tuple[int, str, int, str, str, int, str], slices: Sequence[DueSlice]
) -> DueClaim:
    claim_id, number, person_id, first_name, last_name, contract_id, contract_number = key
    return DueClaim(
        claim_id=claim_id,
        number=number,
        person_id=person_id,
        person_name=f"{first_name} {last_name}".strip(),
        contract_id=contract_id,
        contract_number=contract_number,
        slices=tuple(slices),
    )


class _Accounts:
    """The accounts that claims are paid to on a day."""

    def __init__(self, claim_ids: Iterable[int], day: date) -> None:
        ids = list(claim_ids)
        payees = Payee.objects.filter(claim__in=ids, period__contains=day)
        self.payees = {payee.claim_id: payee for payee in payees}
        failed = Payout.objects.filter(claim__in=ids, return_code__in=NEEDS_NEW_ACCOUNT)
        self._failed: dict[tuple[int, str], date] = {
            (claim, iban): returned_on
            for claim, iban, returned_on in failed.order_by("returned_on").values_list(
                "claim_id", "iban", "returned_on"
            )
            if returned_on is not None
        }

    def find_fault(self, claim_id: int) -> WaitReason | None:
        """Why nothing can be paid to the claim's account, None when it can."""
        payee = self.payees.get(claim_id)
        if payee is None:
            return WaitReason.NO_ACCOUNT
        if payee.checked_at is None:
            return WaitReason.NOT_CHECKED
        failed_on = self._failed.get((claim_id, payee.iban))
        # Somebody looked at the same account again after it had failed: then it may be tried.
        if failed_on is not None and timezone.localdate(payee.checked_at) <= failed_on:
            return WaitReason.ACCOUNT_FAILED
        # IBANs are checked when they are given; doing so again would take longer than all the rest.
        if any(check_reach(name=payee.holder, iban=payee.iban, bic=payee.bic or None)):
            return WaitReason.NOT_REACHABLE
        return None


def _keep_back(payable: Sequence[tuple[DueClaim, Payee]]) -> Iterable[DuePayout]:
    """Each payout with its offsets; what one keeps back the person's next one need not."""
    owed = list_open_recoveries(person_ids=(claim.person_id for claim, _ in payable))
    for claim, payee in payable:
        recoveries: tuple[OpenRecovery, ...] = owed.get(claim.person_id, ())
        offsets = compute_offsets(amount=claim.gross, recoveries=recoveries)
        owed[claim.person_id] = subtract_offsets(recoveries, offsets)
        yield DuePayout(claim, payee.holder, payee.iban, payee.bic, offsets)
