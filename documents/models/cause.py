"""What a letter about a claim or arrears was written for, so that each is written once."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from aupolicy.models import append_only
from billing.models import ArrearsStep, Recovery
from claims.models import Decision, DocumentRequest
from documents.models.document import Document


class LetterCause(models.Model):
    """Why a letter was written: a decision, a request, a reminder of it, a recovery, arrears.

    `step` tells letters about one thing apart: the number of a reminder, the way a recovery
    comes back. One letter may tell of several recoveries.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="causes")
    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="letter"
    )
    request = models.ForeignKey(
        DocumentRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="letters"
    )
    recovery = models.ForeignKey(
        Recovery, on_delete=models.PROTECT, null=True, blank=True, related_name="letters"
    )
    arrears_step = models.OneToOneField(
        ArrearsStep, on_delete=models.PROTECT, null=True, blank=True, related_name="letter"
    )
    step = models.CharField("Schritt", max_length=30, blank=True)

    class Meta:
        verbose_name = "Anlass eines Briefs"
        verbose_name_plural = "Anlässe von Briefen"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["request", "step"],
                condition=Q(request__isnull=False),
                name="letter_once_a_reminder",
            ),
            models.UniqueConstraint(
                fields=["recovery", "step"],
                condition=Q(recovery__isnull=False),
                name="letter_once_a_recovery",
            ),
            models.CheckConstraint(
                name="letter_has_one_cause",
                condition=Q(decision__isnull=False, request=None, recovery=None, arrears_step=None)
                | Q(decision=None, request__isnull=False, recovery=None, arrears_step=None)
                | Q(decision=None, request=None, recovery__isnull=False, arrears_step=None)
                | Q(decision=None, request=None, recovery=None, arrears_step__isnull=False),
            ),
        ]
        triggers: ClassVar = [append_only("letter_cause_append_only")]

    def __str__(self) -> str:
        cause = self.decision_id or self.request_id or self.recovery_id or self.arrears_step_id
        return f"{self.document_id}: {cause}"
