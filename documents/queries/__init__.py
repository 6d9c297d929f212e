"""Reads of the letters: contexts from the tables, and what has been issued."""

from documents.queries.confirmation import ConfirmationDue, list_confirmations
from documents.queries.mandate import build_mandate_form
from documents.queries.quote import build_quote
from documents.queries.stored import (
    Progress,
    document_path,
    get_statement_progress,
    read_document,
    waits_for_storage,
)

__all__ = [
    "ConfirmationDue",
    "Progress",
    "build_mandate_form",
    "build_quote",
    "document_path",
    "get_statement_progress",
    "list_confirmations",
    "read_document",
    "waits_for_storage",
]
