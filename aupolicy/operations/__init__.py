"""Everything that changes the agreement and who may act for whom."""

from aupolicy.operations.access import end_grant, give_authority, give_grant
from aupolicy.operations.agreement import (
    Terms,
    UnableToAgree,
    agree_terms,
    receive_cancellation,
    register_broker,
    register_employer,
    sign_contract,
    snapshot_tariff,
)

__all__ = [
    "Terms",
    "UnableToAgree",
    "agree_terms",
    "end_grant",
    "give_authority",
    "give_grant",
    "receive_cancellation",
    "register_broker",
    "register_employer",
    "sign_contract",
    "snapshot_tariff",
]
