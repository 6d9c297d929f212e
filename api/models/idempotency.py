"""Answers given under an Idempotency-Key, so that asking again does nothing again."""

from typing import ClassVar

from django.db import models

from aupolicy.models import ApiClient


class GivenAnswer(models.Model):
    """What a program was answered; the same key with the same request gets the same answer.

    Written in the transaction of what it answers for: there is never one without the other.
    `request_sha256` is of method, address and body.
    """

    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="+")
    key = models.CharField("Idempotency-Key", max_length=255)
    request_sha256 = models.CharField("SHA-256 der Anfrage", max_length=64)
    status = models.PositiveSmallIntegerField("Statuscode")
    headers = models.JSONField("Kopfzeilen", default=dict)
    body = models.TextField("Antwort")
    answered_at = models.DateTimeField("beantwortet")

    class Meta:
        verbose_name = "gegebene Antwort"
        verbose_name_plural = "gegebene Antworten"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "key"], name="given_answer_once")
        ]
        indexes: ClassVar = [models.Index(fields=["answered_at"])]

    def __str__(self) -> str:
        return f"{self.client_id}: {self.status}"
