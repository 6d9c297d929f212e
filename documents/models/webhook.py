"""Who is told of what happens by a call to an address of theirs (Webhook), and how that went."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from aupolicy.facts.machine import WebhookTopic
from aupolicy.models import ApiClient, Employer, User, append_only, public_id
from documents.facts.webhooks import Outcome

_TOPICS = [(topic.value, topic.value) for topic in WebhookTopic]


class WebhookEndpoint(models.Model):
    """An address of a program; `secret_sealed` signs what is sent there.

    After a rotation the secret before it signs as well, until `old_secret_until`. `failing_since`
    is the first of the failures without a success in between; until `paused_until` it is left
    alone. `answered_gone` tells that the receiver ended it (410), not a person.
    """

    public_id = public_id()
    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="endpoints")
    url = models.URLField("Adresse", max_length=500)
    topics = ArrayField(models.CharField(max_length=40, choices=_TOPICS), verbose_name="Ereignisse")
    secret_sealed = models.TextField("versiegeltes Geheimnis")
    created_at = models.DateTimeField("angelegt")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    old_secret_sealed = models.TextField("versiegeltes Geheimnis davor", blank=True)
    old_secret_until = models.DateTimeField("Geheimnis davor gilt bis", null=True, blank=True)
    failing_since = models.DateTimeField("gestört seit", null=True, blank=True)
    paused_until = models.DateTimeField("ruht bis", null=True, blank=True)
    ended_at = models.DateTimeField("abgeschaltet", null=True, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_gone = models.BooleanField("vom Empfänger abgemeldet", default=False)

    class Meta:
        verbose_name = "Empfangsadresse"
        verbose_name_plural = "Empfangsadressen"
        indexes: ClassVar = [models.Index(fields=["client"])]

    def __str__(self) -> str:
        return str(self.public_id)


class WebhookMessage(models.Model):
    """Something that happened, to be told (Outbox). It names what it is about, and says no more.

    `subject` is our key of the row; the same topic about the same row is one event. Only a test of
    an address concerns no employer.
    """

    public_id = public_id()
    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    topic = models.CharField("Ereignis", max_length=40, choices=_TOPICS)
    subject = models.CharField("Gegenstand", max_length=60)
    data = models.JSONField("Inhalt")
    occurred_at = models.DateTimeField("geschehen")

    class Meta:
        verbose_name = "Ereignis"
        verbose_name_plural = "Ereignisse"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "subject"], name="webhook_message_once"),
            models.CheckConstraint(
                name="webhook_message_of_employer",
                condition=models.Q(employer__isnull=False)
                | models.Q(topic=WebhookTopic.ENDPOINT_TESTED.value),
            ),
        ]
        triggers: ClassVar = [append_only("webhook_message_append_only")]

    def __str__(self) -> str:
        return f"{self.topic} {self.subject}"


class WebhookDelivery(models.Model):
    """One message for one address: still to be sent while it is neither delivered nor given up.

    `attempts` counts calls begun since it was made, or since somebody asked for it again.
    """

    public_id = public_id()
    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.PROTECT, related_name="deliveries"
    )
    message = models.ForeignKey(WebhookMessage, on_delete=models.PROTECT, related_name="deliveries")
    created_at = models.DateTimeField("angelegt", db_default=Now())
    attempts = models.PositiveSmallIntegerField("Versuche", default=0)
    next_attempt_at = models.DateTimeField("nächster Versuch", null=True, blank=True)
    delivered_at = models.DateTimeField("zugestellt", null=True, blank=True)
    given_up_at = models.DateTimeField("aufgegeben", null=True, blank=True)
    asked_at = models.DateTimeField("noch einmal verlangt", null=True, blank=True)
    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

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
                fields=["endpoint", "next_attempt_at"],
                name="webhook_delivery_due",
                condition=models.Q(next_attempt_at__isnull=False),
            ),
            models.Index(fields=["endpoint", "-id"], name="webhook_delivery_log"),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id}/{self.message_id}"


class WebhookAttempt(models.Model):
    """One call and what came back."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.PROTECT, related_name="tries")
    at = models.DateTimeField("versucht")
    outcome = models.CharField(
        "Ergebnis", max_length=20, choices=[(outcome.value, outcome.value) for outcome in Outcome]
    )
    status_code = models.PositiveSmallIntegerField("Statuscode", null=True)
    duration_ms = models.PositiveIntegerField("Dauer in ms")

    class Meta:
        verbose_name = "Zustellversuch"
        verbose_name_plural = "Zustellversuche"
        indexes: ClassVar = [models.Index(fields=["delivery", "at"])]
        triggers: ClassVar = [append_only("webhook_attempt_append_only")]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.outcome}"


class WebhookMark(models.Model):
    """The newest notice that could be seen at a moment.

    Numbers are taken before they are committed: whoever wants all notices since the mark of
    yesterday misses none of a transaction that was open for less than a day.
    """

    at = models.DateTimeField("Zeitpunkt", unique=True)
    notice = models.BigIntegerField("letzte Meldung")

    class Meta:
        verbose_name = "Merkpunkt der Ereignisse"
        verbose_name_plural = "Merkpunkte der Ereignisse"

    def __str__(self) -> str:
        return f"{self.at}: {self.notice}"
