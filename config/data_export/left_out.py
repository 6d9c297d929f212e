"""What no export holds, each with the reason. A history table leaves out what its table does.

Everything else of EXPORTED_APPS is exported. `tests/config/test_data_export.py` asks of every new
table, of every column that looks like a secret and of every free text of claims to be judged here.
"""

from typing import Final

EXPORTED_APPS: Final = ("aupolicy", "members", "claims", "billing", "documents")

LEFT_OUT_APPS: Final = {
    "admin": "what somebody clicked in Django's admin; our own history says what changed",
    "auth": "groups and permissions of Django's admin; rights are aupolicy.Grant",
    "contenttypes": "Django's list of models",
    "sessions": "who is signed in at the moment: secrets",
    "usersessions": "who is signed in at the moment, from where: secrets",
    "account": "links that confirm addresses: secrets",
    "mfa": "second factors: secrets",
    "oauth2_provider": "secrets and tokens of programs",
    "pghistory": "views over history tables, which are exported themselves",
    "api": "answers kept for a repeated call, and jobs: what they did stands in notices",
}

_SEALED = "health data, sealed: opened for one transaction by an examiner, each reading recorded"
LEFT_OUT_TABLES: Final = {
    "aupolicy.User_groups": "rights in Django's admin; rights are aupolicy.Grant",
    "aupolicy.User_user_permissions": "rights in Django's admin; rights are aupolicy.Grant",
    "claims.MedicalDocument": _SEALED,
    "claims.Diagnosis": _SEALED,
    "claims.MedicalNote": _SEALED,
}

_HASH = "a secret, hashed"
_HEALTH = "free text of a claim: may tell of an illness"
LEFT_OUT_COLUMNS: Final = {
    "aupolicy.User.password": _HASH,
    "aupolicy.Invitation.secret_sha256": _HASH,
    "aupolicy.ApiKey.secret_sha256": _HASH,
    "aupolicy.WorkItem.note": "free text: may tell of an illness where the work is a claim's",
    "claims.AssistanceCase.wish": _HEALTH,
    "claims.AssistanceFeedback.comment": _HEALTH,
    "claims.AssistanceOrder.what": _HEALTH,
    "claims.BenefitSlice.parts": "how the month was computed, with reasons of decisions",
    "claims.BenefitSlice.cancel_reason": _HEALTH,
    "claims.CheckClearance.reason": _HEALTH,
    "claims.ClaimNote.text": _HEALTH,
    "claims.Decision.exclusion": "names what the illness comes from: health data",
    "claims.Decision.reason": _HEALTH,
    "claims.Decision.second_note": _HEALTH,
    "claims.DocumentRequest.text": _HEALTH,
    "claims.Hold.reason": _HEALTH,
    "claims.MedicalRead.what": "names what was read: health data",
    "claims.Payee.reason": _HEALTH,
    "claims.PersonLink.secret_sha256": _HASH,
    "claims.PersonLink.pin_hash": _HASH,
    "claims.Review.question": _HEALTH,
    "claims.Review.result": _HEALTH,
    "billing.Recovery.reason": _HEALTH,
    "documents.WebhookEndpoint.secret_sealed": "a secret, sealed",
    "documents.WebhookEndpoint.old_secret_sealed": "a secret, sealed",
}

# Texts of claims without a list of choices that were looked at and tell of no illness.
HARMLESS_TEXTS: Final = {
    "claims.BenefitSlice.terms": "sum and tariff that were applied",
    "claims.Consent.wording": "the same for everybody who consents",
    "claims.Consent.name": "who consented",
    "claims.Contact.email": "an address",
    "claims.Decision.terms": "sum and tariff that were applied",
    "claims.PersonLink.email": "an address",
    "claims.Provider.email": "an address",
    "claims.Provider.name": "a company",
    "claims.Provider.region": "where a company works",
    "claims.Reintegration.steps": "days and hours of work",
}
