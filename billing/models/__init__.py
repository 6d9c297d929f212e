"""Tables of billing."""

from billing.models import history
from billing.models.collection import Collection, CollectionItem, Mandate, MandateChange
from billing.models.ledger import LedgerEntry, LedgerTransaction
from billing.models.run import BillingRun, BillingSlice, NumberSeries, PremiumLine, Statement

__all__ = [
    "BillingRun",
    "BillingSlice",
    "Collection",
    "CollectionItem",
    "LedgerEntry",
    "LedgerTransaction",
    "Mandate",
    "MandateChange",
    "NumberSeries",
    "PremiumLine",
    "Statement",
    "history",
]
