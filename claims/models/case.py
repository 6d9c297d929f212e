"""The case: a claim with its sick leaves, certificates and reintegration."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from aupolicy.models import Employer, GroupContract, PeriodField, User, public_id, rows_kept
from claims.facts import CertificateSource, Channel, ClaimStatus
from members.models import Person

CHANNEL_CHOICES = [
    (Channel.EMPLOYER.value, "Arbeitgeber"),
    (Channel.BROKER.value, "Vermittler"),
    (Channel.PERSON.value, "versicherte Person"),
    (Channel.EXAMINER.value, "Leistungsprüfung"),
    (Channel.API.value, "Schnittstelle"),
]


class Claim(models.Model):
    """The claim (Leistungsfall) of a person for one leave, which may be several episodes.

    What follows from the episodes is derived each time; `status`, `first_day`, `certified_until`,
    `benefit_from` and the next step are kept as of the last look, so that queues can be asked.
    """

    number = models.CharField("Nummer", max_length=20, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="claims")
    contract = models.ForeignKey(GroupContract, on_delete=models.PROTECT, related_name="claims")
    opened_at = models.DateTimeField("eröffnet")
    registered_on = models.DateField("angemeldet")
    status = models.CharField(
        "Status",
        max_length=20,
        choices=[
            (ClaimStatus.REPORTED.value, "gemeldet"),
            (ClaimStatus.DEFERRAL.value, "in der Karenzzeit"),
            (ClaimStatus.TO_EXAMINE.value, "zu prüfen"),
            (ClaimStatus.APPROVAL.value, "wartet auf zweite Freigabe"),
            (ClaimStatus.PAYING.value, "in Zahlung"),
            (ClaimStatus.EVIDENCE_MISSING.value, "Nachweis fehlt"),
            (ClaimStatus.HELD.value, "vorläufig angehalten"),
            (ClaimStatus.REFUSED.value, "abgelehnt"),
            (ClaimStatus.ENDED.value, "beendet"),
            (ClaimStatus.JOINED.value, "in anderem Fall aufgegangen"),
        ],
        default=ClaimStatus.REPORTED.value,
    )
    first_day = models.DateField("erster Tag", null=True)
    certified_until = models.DateField("bescheinigt bis", null=True)
    benefit_from = models.DateField("Leistung ab", null=True)
    next_step_on = models.DateField("nächster Schritt am", null=True)
    examiner = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="claims"
    )
    joined_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="joined"
    )

    class Meta:
        verbose_name = "Leistungsfall"
        verbose_name_plural = "Leistungsfälle"
        indexes: ClassVar = [
            models.Index(fields=["status", "next_step_on"]),
            models.Index(fields=["contract", "status"]),
        ]
        triggers: ClassVar = [rows_kept("claims_are_kept")]

    def __str__(self) -> str:
        return self.number


class SickLeave(models.Model):
    """One illness from its first day (Arbeitsunfähigkeit), as it was reported. No diagnosis.

    A relapse points at the first leave of the same illness (`same_illness_as`).
    """

    public_id = public_id()
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="sick_leaves")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sick_leaves")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="sick_leaves")
    first_day = models.DateField("erster Tag")
    expected_last_day = models.DateField("voraussichtlich bis", null=True, blank=True)
    same_illness_as = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="relapses"
    )
    channel = models.CharField("Weg", max_length=10, choices=CHANNEL_CHOICES)
    reference = models.CharField("Referenz des Absenders", max_length=70, blank=True)
    reported_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reported_at = models.DateTimeField("gemeldet")
    withdrawn_at = models.DateTimeField("zurückgenommen", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "Arbeitsunfähigkeit"
        verbose_name_plural = "Arbeitsunfähigkeiten"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "first_day", "channel"],
                condition=Q(withdrawn_at=None),
                name="sick_leave_reported_once",
            ),
            models.UniqueConstraint(
                fields=["employer", "reference"],
                condition=~Q(reference="") & Q(withdrawn_at=None),
                name="sick_leave_reference_once",
            ),
        ]
        triggers: ClassVar = [rows_kept("sick_leaves_are_kept")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.first_day}"


class Certificate(models.Model):
    """A certificate of incapacity (AU-Bescheinigung): certified from and to. No diagnosis."""

    sick_leave = models.ForeignKey(SickLeave, on_delete=models.PROTECT, related_name="certificates")
    period = PeriodField("bescheinigt")
    is_follow_up = models.BooleanField("Folgebescheinigung", default=False)
    established_on = models.DateField("festgestellt am", null=True, blank=True)
    accident = models.BooleanField("Unfall", default=False)
    source = models.CharField(
        "Herkunft",
        max_length=10,
        choices=[
            (CertificateSource.PAPER.value, "Papier"),
            (CertificateSource.EAU.value, "eAU-Abruf"),
            (CertificateSource.PORTAL.value, "Portal"),
        ],
    )
    channel = models.CharField("Weg", max_length=10, choices=CHANNEL_CHOICES)
    document = models.ForeignKey(
        "claims.MedicalDocument",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="certificates",
    )
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    received_at = models.DateTimeField("eingegangen")
    withdrawn_at = models.DateTimeField("zurückgenommen", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "AU-Bescheinigung"
        verbose_name_plural = "AU-Bescheinigungen"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="certificate_has_an_end", condition=Q(period__endswith__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["sick_leave", "period", "established_on", "source"],
                condition=Q(withdrawn_at=None),
                nulls_distinct=False,
                name="certificate_once",
            ),
        ]
        triggers: ClassVar = [rows_kept("certificates_are_kept")]

    def __str__(self) -> str:
        return f"{self.sick_leave_id}: {self.period}"


class Reintegration(models.Model):
    """A plan for returning step by step (Wiedereingliederung, § 74 SGB V).

    `steps` lists {"from": ISO day, "hours": text of hours a day} in order of their days.
    `weekly_hours` is what full capacity means.
    """

    sick_leave = models.ForeignKey(
        SickLeave, on_delete=models.PROTECT, related_name="reintegrations"
    )
    period = PeriodField("Zeitraum")
    daily_hours = models.DecimalField(
        "Stunden am Tag bei voller Arbeit", max_digits=4, decimal_places=2
    )
    steps = models.JSONField("Stufen")
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField("erfasst")
    withdrawn_at = models.DateTimeField("zurückgenommen", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "Wiedereingliederung"
        verbose_name_plural = "Wiedereingliederungen"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="reintegration_has_an_end", condition=Q(period__endswith__isnull=False)
            ),
            ExclusionConstraint(
                name="reintegration_one_plan_at_a_time",
                expressions=[
                    ("sick_leave", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at=None),
            ),
        ]
        triggers: ClassVar = [rows_kept("reintegrations_are_kept")]

    def __str__(self) -> str:
        return f"{self.sick_leave_id}: {self.period}"
