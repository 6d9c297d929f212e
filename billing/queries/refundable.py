"""Credits of employers that can be paid back, and the account each goes to."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from aupolicy.kernel.money import total
from billing.exports.sepa_transfer_rules import check_reach
from billing.facts.recovery import NEEDS_NEW_ACCOUNT
from billing.models import Mandate, OpenItem, Payout, PayoutKind
from billing.queries.open_items import list_open_items


@dataclass(frozen=True, slots=True)
class RefundAccount:
    """Whose account a contract's money goes back to: that of its last mandate."""

    holder: str
    iban: str
    bic: str


@dataclass(frozen=True, slots=True)
class RefundableCredit:
    """A credit with what is left of it (EUR, above zero), what the contract owes, and the account.

    `account` is None where the contract never had a mandate, or none that a transfer reaches.
    """

    item: OpenItem
    amount: Decimal
    owed: Decimal
    account: RefundAccount | None


def list_credits() -> QuerySet[OpenItem]:
    """Credits that are not used up, with `open_amount` below zero, the oldest first."""
    return list_open_items(OpenItem.objects.filter(amount__lt=0))


def list_refundable() -> list[RefundableCredit]:
    """Every open credit; `owed` tells what it could be set off against instead."""
    credits_ = list(list_credits().select_related("contract__employer"))
    contract_ids = {item.contract_id for item in credits_}
    accounts = find_refund_accounts(contract_ids)
    owed: dict[int, list[Decimal]] = {}
    demands = OpenItem.objects.filter(contract_id__in=contract_ids, amount__gt=0)
    for item in list_open_items(demands):
        owed.setdefault(item.contract_id, []).append(item.open_amount)
    return [
        RefundableCredit(
            item,
            -item.open_amount,
            total(owed.get(item.contract_id, ())),
            accounts.get(item.contract_id),
        )
        for item in credits_
    ]


def find_refund_accounts(contract_ids: Iterable[int]) -> dict[int, RefundAccount]:
    """The account of each contract's last mandate, also of one that has ended; some have none.

    Not one that no transfer reaches, or that an earlier refund came back from for good.
    """
    found: dict[int, RefundAccount] = {}
    failed = _list_failed(contract_ids)
    rows = Mandate.objects.filter(contract_id__in=set(contract_ids)).order_by("period", "pk")
    for contract_id, holder, iban, bic in rows.values_list(
        "contract_id", "account_holder", "iban", "bic"
    ):
        # A transfer names at most 70 characters of the holder.
        account = RefundAccount(holder[:70], iban, bic)
        fails = any(check_reach(name=account.holder, iban=iban, bic=bic or None))
        if fails or (contract_id, iban) in failed:
            found.pop(contract_id, None)
        else:
            found[contract_id] = account
    return found


def _list_failed(contract_ids: Iterable[int]) -> set[tuple[int | None, str]]:
    """Accounts that a refund came back from for good, by contract."""
    failed = Payout.objects.filter(
        kind=PayoutKind.REFUND, contract__in=set(contract_ids), return_code__in=NEEDS_NEW_ACCOUNT
    )
    return set(failed.values_list("contract_id", "iban"))
