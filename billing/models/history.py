"""Every state of mandates, asked-for accounts and settings: see `aupolicy.models.history`."""

from aupolicy.models.history import keep_history
from billing.models.bookkeeping import BookkeepingTarget
from billing.models.mandate import Mandate, MandateChange
from billing.models.payroll import PayrollTarget

for _model in (BookkeepingTarget, Mandate, MandateChange, PayrollTarget):
    keep_history(_model)
