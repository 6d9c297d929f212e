"""Who is told of what happens by a call to an address of theirs (Webhook), and how that went."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from aupolicy.facts.machine import WebhookTopic
from aupolicy.models import ApiClient, Employer, User, append_only, public_id

_TOPICS = [(topic.value, topic.value) for topic in WebhookTopic]


class WebhookEndpoint(models.Model):
    """An address of a program; `secret_sealed` signs what is sent there."""

    public_id = public_id()
    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="endpoints")
    url = models.URLField("Adresse", max_length=500)
    topics = ArrayField(models.CharField(max_length=40, choices=_TOPICS), verbose_name="Ereignisse")
    secret_sealed = models.TextField("versiegeltes Geheimnis")
    created_at = models.DateTimeField("angelegt")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField("abgeschaltet", null=True, blank=True)

    class Meta:
        verbose_name = "Empfangsadresse"
        verbose_name_plural = "Empfangsadressen"
        indexes: ClassVar = [models.Index(fields=["client"])]

    def __str__(self) -> str:
        return str(self.public_id)


class WebhookMessage(models.Model):
    """Something that happened, to be told (Outbox). It names what it is about, and says no more.

    `subject` is our key of the row; the same topic about the same row is one event.
    """

    public_id = public_id()
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField("Ereignis", max_length=40, choices=_TOPICS)
    subject = models.CharField("Gegenstand", max_length=60)
    data = models.JSONField("Inhalt")
    occurred_at = models.DateTimeField("geschehen")

    class Meta:
        verbose_name = "Ereignis"
        verbose_name_plural = "Ereignisse"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "subject"], name="webhook_message_once")
        ]
        triggers: ClassVar = [append_only("webhook_message_append_only")]

    def __str__(self) -> str:
        return f"{self.topic} {self.subject}"


class WebhookDelivery(models.Model):
    """One message for one address: still to be sent while it is neither delivered nor given up."""

    public_id = public_id()
    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.PROTECT, related_name="deliveries"
    )
    message = models.ForeignKey(WebhookMessage, on_delete=models.PROTECT, related_name="deliveries")
    attempts = models.PositiveSmallIntegerField("Versuche", default=0)
    next_attempt_at = models.DateTimeField("nächster Versuch", null=True, blank=True)
    delivered_at = models.DateTimeField("zugestellt", null=True, blank=True)
    given_up_at = models.DateTimeField("aufgegeben", null=True, blank=True)

    class Meta:
        verbose_name = "Zustellung"
        verbose_name_plural = "Zustellungen"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["endpoint", "message"], name="webhook_delivery_once"),
            models.CheckConstraint(
                name="webhook_delivery_one_end",
                condition=models.Q(delivered_at=None) | models.Q(given_up_at=None),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at"],
                name="webhook_delivery_due",
                condition=models.Q(next_attempt_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id}/{self.message_id}"


class WebhookAttempt(models.Model):
    """One call and what came back. `outcome`: OK, STATUS, TIMEOUT, CONNECTION, REFUSED_ADDRESS."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.PROTECT, related_name="tries")
    at = models.DateTimeField("versucht")
    outcome = models.CharField("Ergebnis", max_length=20)
    status_code = models.PositiveSmallIntegerField("Statuscode", null=True)
    duration_ms = models.PositiveIntegerField("Dauer in ms")

    class Meta:
        verbose_name = "Zustellversuch"
        verbose_name_plural = "Zustellversuche"
        indexes: ClassVar = [models.Index(fields=["delivery", "at"])]
        triggers: ClassVar = [append_only("webhook_attempt_append_only")]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.outcome}"
