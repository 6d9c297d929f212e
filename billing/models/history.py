"""Every state of mandates, asked-for accounts and bookkeeping: see `aupolicy.models.history`."""

from aupolicy.models.history import keep_history
from billing.models.bookkeeping import BookkeepingTarget
from billing.models.collection import Mandate, MandateChange

for _model in (BookkeepingTarget, Mandate, MandateChange):
    keep_history(_model)
