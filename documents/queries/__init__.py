"""Reads of the letters: contexts from the tables, and what has been issued."""

from documents.queries.confirmation import ConfirmationDue, list_confirmations
from documents.queries.mandate import build_mandate_form
from documents.queries.quote import build_quote
from documents.queries.statement import StatementLetters, build_statement
from documents.queries.stored import document_path, read_document

__all__ = [
    "ConfirmationDue",
    "StatementLetters",
    "build_mandate_form",
    "build_quote",
    "build_statement",
    "document_path",
    "list_confirmations",
    "read_document",
]
