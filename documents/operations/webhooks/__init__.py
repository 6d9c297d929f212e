"""Webhooks: who is told of what happens, the outbox, and the calls."""

from documents.operations.webhooks.deliveries import (
    RoundReport,
    UnableToSend,
    deliver_due,
    send_again,
    send_given_up_again,
    send_test,
)
from documents.operations.webhooks.endpoints import (
    MOST_ENDPOINTS,
    OVERLAP,
    MadeEndpoint,
    UnableToListen,
    create_endpoint,
    end_endpoint,
    rotate_secret,
)
from documents.operations.webhooks.outbox import (
    EVENTS_A_ROUND,
    collect_messages,
    record_message,
)

__all__ = [
    "EVENTS_A_ROUND",
    "MOST_ENDPOINTS",
    "OVERLAP",
    "MadeEndpoint",
    "RoundReport",
    "UnableToListen",
    "UnableToSend",
    "collect_messages",
    "create_endpoint",
    "deliver_due",
    "end_endpoint",
    "record_message",
    "rotate_secret",
    "send_again",
    "send_given_up_again",
    "send_test",
]
