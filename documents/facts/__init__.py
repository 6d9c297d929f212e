"""Frozen values of the letters: everything a letter says, before it is set.

A context holds no clock and no object of the database, so that the same context always gives the
same bytes, and so that its digest tells whether a letter would say anything new.
"""

from documents.facts.arrears import ArrearsInterest, ArrearsItemRow, ArrearsLetter
from documents.facts.claims import (
    ClaimLetter,
    CorrectedMonth,
    CorrectionContext,
    CounterView,
    EndContext,
    GrantContext,
    LegalNotice,
    LinkContext,
    MonthRow,
    Refusal,
    RefusalContext,
    RequestContext,
    SumTerms,
)
from documents.facts.commission import CommissionContext, CommissionRow
from documents.facts.contracts import (
    BandRow,
    ConfirmationContext,
    CorrectionRow,
    CoverTerms,
    InsuredRow,
    LeaverRow,
    MandateContext,
    MonthState,
    Payment,
    QuoteBand,
    QuoteContext,
    QuoteExample,
    Settlement,
    StatementContext,
    TaxRow,
    TermsStretch,
)
from documents.facts.paper import (
    Address,
    Contact,
    DocumentKind,
    Insurer,
)

Context = (
    StatementContext
    | ConfirmationContext
    | MandateContext
    | QuoteContext
    | GrantContext
    | RefusalContext
    | EndContext
    | CorrectionContext
    | RequestContext
    | LinkContext
    | ArrearsLetter
    | CommissionContext
)

__all__ = [
    "Address",
    "ArrearsInterest",
    "ArrearsItemRow",
    "ArrearsLetter",
    "BandRow",
    "ClaimLetter",
    "CommissionContext",
    "CommissionRow",
    "ConfirmationContext",
    "Contact",
    "Context",
    "CorrectedMonth",
    "CorrectionContext",
    "CorrectionRow",
    "CounterView",
    "CoverTerms",
    "DocumentKind",
    "EndContext",
    "GrantContext",
    "InsuredRow",
    "Insurer",
    "LeaverRow",
    "LegalNotice",
    "LinkContext",
    "MandateContext",
    "MonthRow",
    "MonthState",
    "Payment",
    "QuoteBand",
    "QuoteContext",
    "QuoteExample",
    "Refusal",
    "RefusalContext",
    "RequestContext",
    "Settlement",
    "StatementContext",
    "SumTerms",
    "TaxRow",
    "TermsStretch",
]
