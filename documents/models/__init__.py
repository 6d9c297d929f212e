"""Tables of what has left the house: papers, who signed and filed them, mails, webhooks."""

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
