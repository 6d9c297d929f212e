"""What is decided about a claim, what it waits for, and what was noted."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from aupolicy.models import PeriodField, User, append_only, rows_kept, set_once
from claims.facts import CheckCode, DecisionKind, DecisionStatus, ReasonCode
from claims.models.case import Claim, SickLeave

REASON_WORDS = {
    ReasonCode.NOT_INSURED_AT_ONSET: "bei Beginn nicht versichert",
    ReasonCode.COVER_ENDED: "Versicherung beendet",
    ReasonCode.WITHIN_DEFERRAL: "innerhalb der Karenzzeit",
    ReasonCode.EXCLUSION: "Leistungsausschluss",
    ReasonCode.NO_EVIDENCE: "kein Nachweis",
    ReasonCode.PREMIUM_DEFAULT: "leistungsfrei wegen Beitragsverzugs (§ 38 VVG)",
    ReasonCode.MAXIMUM_REACHED: "Höchstdauer erreicht",
    ReasonCode.RECOVERED: "wieder arbeitsfähig",
    ReasonCode.DEATH: "verstorben",
    ReasonCode.RETIREMENT: "Renteneintritt",
    ReasonCode.OTHER: "anderer Grund",
}


class Decision(models.Model):
    """A decision (Leistungsentscheidung). It counts once it is EFFECTIVE, and then for good.

    It rules the days of `period` (an open end: until another decision). `terms` are the terms it
    applied, `amount_at_once` the EUR that are due when it takes effect. `reason` is what the
    insured person reads. EXCLUDE and LIFT_EXCLUSION concern one sick leave.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(
        "Entscheidung",
        max_length=20,
        choices=[
            (DecisionKind.GRANT.value, "Bewilligung"),
            (DecisionKind.PARTLY_GRANT.value, "Teilbewilligung"),
            (DecisionKind.REFUSE.value, "Ablehnung"),
            (DecisionKind.END.value, "Beendigung"),
            (DecisionKind.REOPEN.value, "Wiederaufnahme"),
            (DecisionKind.EXCLUDE.value, "Ausschluss festgestellt"),
            (DecisionKind.LIFT_EXCLUSION.value, "Ausschluss aufgehoben"),
        ],
    )
    period = PeriodField("für die Tage")
    sick_leave = models.ForeignKey(
        SickLeave, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    exclusion = models.CharField("Ausschluss", max_length=40, blank=True)
    reason_code = models.CharField(
        "Grund",
        max_length=30,
        blank=True,
        choices=[(code.value, words) for code, words in REASON_WORDS.items()],
    )
    reason = models.TextField("Begründung", blank=True)
    terms = models.JSONField("angewandte Bedingungen", default=dict, blank=True)
    amount_at_once = models.DecimalField(
        "sofort fällig", max_digits=12, decimal_places=2, default=0
    )
    needs_second = models.BooleanField("braucht zweite Freigabe")
    status = models.CharField(
        "Status",
        max_length=10,
        choices=[
            (DecisionStatus.PROPOSED.value, "vorgeschlagen"),
            (DecisionStatus.EFFECTIVE.value, "wirksam"),
            (DecisionStatus.RETURNED.value, "zurückgegeben"),
        ],
    )
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("entschieden")
    second_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    second_at = models.DateTimeField("zweite Freigabe", null=True, blank=True)
    second_note = models.TextField("Vermerk der zweiten Person", blank=True)

    class Meta:
        verbose_name = "Leistungsentscheidung"
        verbose_name_plural = "Leistungsentscheidungen"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="decision_second_person_is_another",
                condition=Q(second_by=None) | ~Q(second_by=F("decided_by")),
            ),
            models.CheckConstraint(
                name="decision_effective_only_with_second",
                condition=~Q(status="EFFECTIVE")
                | Q(needs_second=False)
                | Q(second_by__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_refusal_needs_second",
                condition=~Q(kind__in=["REFUSE", "EXCLUDE"]) | Q(needs_second=True),
            ),
            models.UniqueConstraint(
                fields=["claim"], condition=Q(status="PROPOSED"), name="decision_one_proposed"
            ),
        ]
        triggers: ClassVar = [
            rows_kept("decisions_are_kept"),
            set_once("decision_stands", "status", "second_by", "second_at", "second_note"),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.kind}"


class Hold(models.Model):
    """A provisional decision (vorläufige Entscheidung): from a day on only `percent` is paid."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="holds")
    period = PeriodField("für die Tage")
    percent = models.PositiveSmallIntegerField("gezahlt werden (%)", default=0)
    reason = models.TextField("Grund")
    review_on = models.DateField("zu überprüfen am")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("entschieden")
    lifted_at = models.DateTimeField("aufgehoben", null=True, blank=True)
    lifted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "vorläufige Entscheidung"
        verbose_name_plural = "vorläufige Entscheidungen"
        constraints: ClassVar = [
            models.CheckConstraint(name="hold_percent", condition=Q(percent__lte=99))
        ]
        triggers: ClassVar = [
            rows_kept("holds_are_kept"),
            set_once("hold_stands", "lifted_at", "lifted_by"),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.percent} %"


class Review(models.Model):
    """A look at a running claim on a set day (Nachprüfung)."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="reviews")
    due_on = models.DateField("fällig")
    question = models.CharField("Frage", max_length=200)
    created_at = models.DateTimeField("angelegt")
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField("erledigt", null=True, blank=True)
    done_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    result = models.TextField("Ergebnis", blank=True)

    class Meta:
        verbose_name = "Nachprüfung"
        verbose_name_plural = "Nachprüfungen"
        triggers: ClassVar = [rows_kept("reviews_are_kept")]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.due_on}"


class DocumentRequest(models.Model):
    """Something the insured person was asked for (Unterlagenanforderung).

    While one is open the clock of § 14 VVG stands still.
    """

    class Kind(models.TextChoices):
        """What is asked for."""

        CERTIFICATE = "certificate", "AU-Bescheinigung"
        GAP = "gap", "Bescheinigung für eine Lücke"
        EVIDENCE = "evidence", "Unterlagen zur Ursache"
        REINTEGRATION = "reintegration", "Wiedereingliederungsplan"
        ACCOUNT = "account", "Bankverbindung und Einwilligung"
        OTHER = "other", "andere Unterlagen"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField("Art", max_length=20, choices=Kind.choices)
    period = PeriodField("für die Tage", null=True, blank=True)
    text = models.TextField("Text", blank=True)
    asked_at = models.DateTimeField("angefordert")
    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField("erbeten bis")
    reminders = models.PositiveSmallIntegerField("Erinnerungen", default=0)
    reminded_on = models.DateField("erinnert", null=True, blank=True)
    closed_at = models.DateTimeField("geschlossen", null=True, blank=True)
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    received = models.BooleanField("eingegangen", default=False)

    class Meta:
        verbose_name = "Unterlagenanforderung"
        verbose_name_plural = "Unterlagenanforderungen"
        triggers: ClassVar = [rows_kept("requests_are_kept")]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.kind}"


class CheckClearance(models.Model):
    """Why an examiner goes on although a check asks for attention or failed."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="clearances")
    code = models.CharField(
        "Prüfung", max_length=30, choices=[(code.value, code.value) for code in CheckCode]
    )
    reason = models.TextField("Begründung")
    cleared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    cleared_at = models.DateTimeField("geklärt")

    class Meta:
        verbose_name = "geklärte Prüfung"
        verbose_name_plural = "geklärte Prüfungen"
        triggers: ClassVar = [append_only("clearance_append_only")]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.code}"


class ClaimNote(models.Model):
    """A note without medical content. `warned`: written although it looked like some."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField("Notiz")
    warned = models.BooleanField("trotz Warnung", default=False)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("geschrieben")

    class Meta:
        verbose_name = "Notiz"
        verbose_name_plural = "Notizen"
        triggers: ClassVar = [append_only("claim_note_append_only")]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.written_at}"
