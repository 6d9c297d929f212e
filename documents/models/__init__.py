"""Tables of what has left the house: papers, who signed and filed them, mails, webhooks."""

from aupolicy.models import keep_history
from documents.models.cause import LetterCause
from documents.models.document import Document, Filing
from documents.models.mail import Mail
from documents.models.webhook import (
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookMark,
    WebhookMessage,
)

# Secrets, and what changes with every failure.
keep_history(
    WebhookEndpoint,
    exclude=["secret_sealed", "old_secret_sealed", "failing_since", "paused_until"],
)

__all__ = [
    "Document",
    "Filing",
    "LetterCause",
    "Mail",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookMark",
    "WebhookMessage",
]
