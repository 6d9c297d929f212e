"""What makes papers leave the house, and marks those that came back signed."""

from documents.operations.claims import (
    LinkSheet,
    issue_correction_letter,
    issue_decision_letter,
    issue_due_letters,
    issue_link_sheet,
    issue_request_letter,
)
from documents.operations.filings import UnableToFile, file_confirmations, revoke_filing
from documents.operations.issue import (
    ARCHIVE_FOLDERS,
    ArchiveReport,
    IssueReport,
    issue_confirmations,
    issue_mandate_form,
    issue_quote,
    zip_papers,
)
from documents.operations.printing import STYLESHEET, UnableToIssue
from documents.operations.statements import (
    RoundReport,
    count_rounds,
    issue_statement,
    issue_statements,
)

__all__ = [
    "ARCHIVE_FOLDERS",
    "STYLESHEET",
    "ArchiveReport",
    "IssueReport",
    "LinkSheet",
    "RoundReport",
    "UnableToFile",
    "UnableToIssue",
    "count_rounds",
    "file_confirmations",
    "issue_confirmations",
    "issue_correction_letter",
    "issue_decision_letter",
    "issue_due_letters",
    "issue_link_sheet",
    "issue_mandate_form",
    "issue_quote",
    "issue_request_letter",
    "issue_statement",
    "issue_statements",
    "revoke_filing",
    "zip_papers",
]
