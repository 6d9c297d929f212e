"""Tables of what has left the house: papers, who signed and filed them, and mails."""

from documents.models.cause import LetterCause
from documents.models.document import Document, Filing
from documents.models.mail import Mail

__all__ = ["Document", "Filing", "LetterCause", "Mail"]
