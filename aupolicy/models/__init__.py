"""Tables of the agreement, of who may act for whom, and of the insurer's work."""

from aupolicy.models.access import (
    EMPLOYER_ROLES,
    INSURER_ROLES,
    BrokerAuthority,
    Grant,
    Invitation,
    Right,
    Role,
)
from aupolicy.models.agreement import (
    Broker,
    Cancellation,
    ContractVersion,
    Employer,
    GroupContract,
    PremiumDefault,
    TariffSnapshot,
)
from aupolicy.models.fields import (
    PeriodField,
    PeriodsField,
    append_only,
    public_id,
    rows_kept,
    set_once,
    where_given,
)
from aupolicy.models.history import keep_history
from aupolicy.models.lookups import Among
from aupolicy.models.machine import ApiClient, ApiKey
from aupolicy.models.offer import Application, Quote
from aupolicy.models.user import User
from aupolicy.models.work import WorkItem

__all__ = [
    "EMPLOYER_ROLES",
    "INSURER_ROLES",
    "Among",
    "ApiClient",
    "ApiKey",
    "Application",
    "Broker",
    "BrokerAuthority",
    "Cancellation",
    "ContractVersion",
    "Employer",
    "Grant",
    "GroupContract",
    "Invitation",
    "PeriodField",
    "PeriodsField",
    "PremiumDefault",
    "Quote",
    "Right",
    "Role",
    "TariffSnapshot",
    "User",
    "WorkItem",
    "append_only",
    "keep_history",
    "public_id",
    "rows_kept",
    "set_once",
    "where_given",
]
