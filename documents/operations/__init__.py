"""What makes papers leave the house, and marks those that came back signed."""

from documents.operations.filings import UnableToFile, file_confirmations, revoke_filing
from documents.operations.issue import (
    ARCHIVE_FOLDERS,
    STYLESHEET,
    ArchiveReport,
    IssueReport,
    UnableToIssue,
    issue_confirmations,
    issue_mandate_form,
    issue_quote,
    issue_statement,
    zip_papers,
)

__all__ = [
    "ARCHIVE_FOLDERS",
    "STYLESHEET",
    "ArchiveReport",
    "IssueReport",
    "UnableToFile",
    "UnableToIssue",
    "file_confirmations",
    "issue_confirmations",
    "issue_mandate_form",
    "issue_quote",
    "issue_statement",
    "revoke_filing",
    "zip_papers",
]
