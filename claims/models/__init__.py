"""Tables of claims."""

from aupolicy.models import keep_history
from claims.models.assistance import (
    AssistanceCase,
    AssistanceFeedback,
    AssistanceOrder,
    Provider,
)
from claims.models.benefit import BenefitRun, BenefitSlice
from claims.models.case import Certificate, Claim, Reintegration, SickLeave
from claims.models.claimant import Consent, Contact, Payee, PersonLink
from claims.models.decision import (
    REASON_WORDS,
    CheckClearance,
    ClaimNote,
    Decision,
    DocumentRequest,
    Hold,
    Review,
)
from claims.models.medical import Diagnosis, MedicalDocument, MedicalNote, MedicalRead

for _model in (AssistanceCase, AssistanceOrder, Certificate, Payee, Reintegration, SickLeave):
    keep_history(_model)

__all__ = [
    "REASON_WORDS",
    "AssistanceCase",
    "AssistanceFeedback",
    "AssistanceOrder",
    "BenefitRun",
    "BenefitSlice",
    "Certificate",
    "CheckClearance",
    "Claim",
    "ClaimNote",
    "Consent",
    "Contact",
    "Decision",
    "Diagnosis",
    "DocumentRequest",
    "Hold",
    "MedicalDocument",
    "MedicalNote",
    "MedicalRead",
    "Payee",
    "PersonLink",
    "Provider",
    "Reintegration",
    "Review",
    "SickLeave",
]
