"""Every state that mandates and asked-for bank accounts had; see `aupolicy.models.history`."""

from aupolicy.models.history import keep_history
from billing.models.collection import Mandate, MandateChange

for _model in (Mandate, MandateChange):
    keep_history(_model)
