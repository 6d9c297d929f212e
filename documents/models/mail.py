"""Mails as they were sent, so that each is sent once."""

from typing import ClassVar

from django.db import models


class Mail(models.Model):
    """One mail about one thing to one address. The row is written before the mail is sent.

    `key` names the thing (for instance "upload:17"); the text itself is not kept.
    """

    kind = models.CharField("Art", max_length=30)
    key = models.CharField("Anlass", max_length=60)
    recipient = models.EmailField("Empfänger")
    language = models.CharField("Sprache", max_length=5, default="de")
    sent_at = models.DateTimeField("gesendet", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("Versuche", default=0)
    tried_at = models.DateTimeField("zuletzt versucht", null=True, blank=True)

    class Meta:
        verbose_name = "E-Mail"
        verbose_name_plural = "E-Mails"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key", "recipient"], name="mail_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
