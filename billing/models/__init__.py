"""Tables of billing."""

from billing.models import history
from billing.models.bookkeeping import BookkeepingTarget
from billing.models.collection import Collection, CollectionItem, Mandate, MandateChange
from billing.models.ledger import LedgerEntry, LedgerTransaction
from billing.models.payout import (
    Payout,
    PayoutItem,
    PayoutOrder,
    Recovery,
    RecoverySettlement,
)
from billing.models.payroll import (
    PayrollFile,
    PayrollFileLine,
    PayrollFileWithdrawal,
    PayrollTarget,
)
from billing.models.run import BillingRun, BillingSlice, NumberSeries, PremiumLine, Statement

__all__ = [
    "BillingRun",
    "BillingSlice",
    "BookkeepingTarget",
    "Collection",
    "CollectionItem",
    "LedgerEntry",
    "LedgerTransaction",
    "Mandate",
    "MandateChange",
    "NumberSeries",
    "Payout",
    "PayoutItem",
    "PayoutOrder",
    "PayrollFile",
    "PayrollFileLine",
    "PayrollFileWithdrawal",
    "PayrollTarget",
    "PremiumLine",
    "Recovery",
    "RecoverySettlement",
    "Statement",
    "history",
]
