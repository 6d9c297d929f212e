"""Tables of billing."""

from billing.models import history
from billing.models.arrears import ArrearsCase, ArrearsItem, ArrearsStep
from billing.models.bank import (
    BankDelivery,
    BankEntry,
    BankFile,
    BankStatus,
    Outcome,
    ReturnedDebit,
)
from billing.models.bookkeeping import BookkeepingTarget
from billing.models.collection import Collection, CollectionItem
from billing.models.commission import (
    BrokerAccount,
    CommissionAgreement,
    CommissionEntry,
    CommissionStatement,
    RefundItem,
)
from billing.models.instalment import Instalment, InstalmentPlan, PlannedItem
from billing.models.ledger import Allocation, ClosedMonth, LedgerEntry, LedgerTransaction
from billing.models.mandate import Mandate, MandateChange
from billing.models.mandate_stop import MandateSignature, MandateStop
from billing.models.open_item import OpenItem
from billing.models.payout import (
    Payout,
    PayoutItem,
    PayoutKind,
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
from billing.models.reaction import ReturnReaction
from billing.models.run import BillingRun, BillingSlice, NumberSeries, PremiumLine, Statement
from billing.models.write_off import WriteOff

__all__ = [
    "Allocation",
    "ArrearsCase",
    "ArrearsItem",
    "ArrearsStep",
    "BankDelivery",
    "BankEntry",
    "BankFile",
    "BankStatus",
    "BillingRun",
    "BillingSlice",
    "BookkeepingTarget",
    "BrokerAccount",
    "ClosedMonth",
    "Collection",
    "CollectionItem",
    "CommissionAgreement",
    "CommissionEntry",
    "CommissionStatement",
    "Instalment",
    "InstalmentPlan",
    "LedgerEntry",
    "LedgerTransaction",
    "Mandate",
    "MandateChange",
    "MandateSignature",
    "MandateStop",
    "NumberSeries",
    "OpenItem",
    "Outcome",
    "Payout",
    "PayoutItem",
    "PayoutKind",
    "PayoutOrder",
    "PayrollFile",
    "PayrollFileLine",
    "PayrollFileWithdrawal",
    "PayrollTarget",
    "PlannedItem",
    "PremiumLine",
    "Recovery",
    "RecoverySettlement",
    "RefundItem",
    "ReturnReaction",
    "ReturnedDebit",
    "Statement",
    "WriteOff",
    "history",
]
