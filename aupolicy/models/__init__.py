"""Tables of the agreement."""

from aupolicy.models.access import Grant, Role, User
from aupolicy.models.agreement import (
    Broker,
    Cancellation,
    ContractVersion,
    Employer,
    GroupContract,
    TariffSnapshot,
)
from aupolicy.models.fields import PeriodField, append_only

__all__ = [
    "Broker",
    "Cancellation",
    "ContractVersion",
    "Employer",
    "Grant",
    "GroupContract",
    "PeriodField",
    "Role",
    "TariffSnapshot",
    "User",
    "append_only",
]
